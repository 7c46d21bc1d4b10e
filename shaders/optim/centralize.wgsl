// Gradient centralization (Yong et al. 2020, equation 1): u less its mean over a unit's inputs, in matrices only.
struct Centralize { by_row: f32, row_mean: f32, col_mean: f32, matrix: f32 }

fn centralize(u: f32, p: f32, h: Centralize) -> f32 {
  return u - h.matrix * select(h.col_mean, h.row_mean, h.by_row != 0.0);
}

fn centralize_terms(u: f32, p: f32, h: Centralize) -> vec4f {
  return vec4f(u, 0.0, 0.0, 0.0);
}

fn centralize_settle(sums: vec4f, count: f32, h: Centralize, before: vec4f) -> vec4f {
  return vec4f(sums.x / count, 0.0, 0.0, 0.0);
}
