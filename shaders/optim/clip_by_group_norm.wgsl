// u min(1, max_norm / (norm + eps)), norm over the gradients of a group of parameters.
struct ClipByGroupNorm { max_norm: f32, eps: f32, squared_norm: f32 }

fn clip_by_group_norm(u: f32, p: f32, h: ClipByGroupNorm) -> f32 {
  return u * min(1.0, h.max_norm / (sqrt(h.squared_norm) + h.eps));
}

fn clip_by_group_norm_terms(u: f32, p: f32, h: ClipByGroupNorm) -> vec4f {
  return vec4f(u * u, 0.0, 0.0, 0.0);
}
