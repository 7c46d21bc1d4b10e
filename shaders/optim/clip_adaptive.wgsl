// Adaptive gradient clipping (Brock et al. 2021, equation 3): unit by unit, u no longer than limit max(|p|, eps). A unit is what
// feeds one output: a column of a matrix, the whole of a vector.
struct ClipAdaptive { limit: f32, eps: f32, row_g: f32, row_p: f32, col_g: f32, col_p: f32, matrix: f32 }

fn clip_adaptive(u: f32, p: f32, h: ClipAdaptive) -> f32 {
  let norm = sqrt(select(h.row_g, h.col_g, h.matrix != 0.0));
  let most = h.limit * max(sqrt(select(h.row_p, h.col_p, h.matrix != 0.0)), h.eps);
  return u * min(1.0, most / max(norm, 1e-6));
}

fn clip_adaptive_terms(u: f32, p: f32, h: ClipAdaptive) -> vec4f {
  return vec4f(u * u, p * p, 0.0, 0.0);
}
