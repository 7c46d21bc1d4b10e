// AdEMAMix (Pagliardini et al. 2024): Adam with a second, slow mean that is not debiased, weighted by alpha.
struct Ademamix {
  beta1: f32, rest1: f32, beta2: f32, rest2: f32, beta3: f32, rest3: f32,
  alpha: f32, eps: f32, m_scale: f32, v_scale: f32
}

fn ademamix(u: f32, p: f32, h: Ademamix, m: ptr<function, f32>, slow: ptr<function, f32>,
  v: ptr<function, f32>) -> f32 {
  *m = h.beta1 * *m + h.rest1 * u;
  *slow = h.beta3 * *slow + h.rest3 * u;
  *v = h.beta2 * *v + h.rest2 * u * u;
  let root = sqrt(*v * h.v_scale) + h.eps;
  return (*m * h.m_scale + h.alpha * *slow) / select(root, 1.0, root == 0.0);
}
