// Simplified AdEMAMix (Morwani et al. 2025): one heavy-ball sum and the gradient itself, weighted by alpha, over Adam's
// root.
struct SimplifiedAdemamix { beta1: f32, beta2: f32, rest2: f32, alpha: f32, eps: f32, v_scale: f32 }

fn simplified_ademamix(u: f32, p: f32, h: SimplifiedAdemamix, m: ptr<function, f32>, v: ptr<function, f32>) -> f32 {
  *m = h.beta1 * *m + u;
  *v = h.beta2 * *v + h.rest2 * u * u;
  let root = sqrt(*v * h.v_scale) + h.eps;
  return (*m + h.alpha * u) / select(root, 1.0, root == 0.0);
}
