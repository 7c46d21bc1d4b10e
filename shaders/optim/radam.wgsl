// RAdam (Liu et al. 2020): the debiased mean alone until the variance is tractable, then rectified Adam. The host holds
// the test.
struct Radam { beta1: f32, rest1: f32, beta2: f32, rest2: f32, eps: f32, m_scale: f32, v_scale: f32, rectified: f32 }

fn radam(u: f32, p: f32, h: Radam, m: ptr<function, f32>, v: ptr<function, f32>) -> f32 {
  *m = h.beta1 * *m + h.rest1 * u;
  *v = h.beta2 * *v + h.rest2 * u * u;
  let root = sqrt(*v * h.v_scale) + h.eps;
  return *m * h.m_scale / select(root, 1.0, h.rectified == 0.0 || root == 0.0);
}
