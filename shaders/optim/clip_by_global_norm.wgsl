// u min(1, max_norm / (norm + eps)), norm over all of a run's gradients (Pascanu et al. 2013; eps 1e-6 is PyTorch's, 0 optax').
struct ClipByGlobalNorm { max_norm: f32, eps: f32, squared_norm: f32 }

fn clip_by_global_norm(u: f32, p: f32, h: ClipByGlobalNorm) -> f32 {
  return u * min(1.0, h.max_norm / (sqrt(h.squared_norm) + h.eps));
}
