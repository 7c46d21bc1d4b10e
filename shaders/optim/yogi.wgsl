// Yogi (Zaheer et al. 2018): v moves towards u^2 by an amount that does not depend on v. start_m and start_v are the
// state before the first step, then 0; where the first u is 0 (padding) m starts at 0 in any case.
struct Yogi { beta1: f32, rest1: f32, rest2: f32, start_m: f32, start_v: f32, eps: f32, m_scale: f32, v_scale: f32 }

fn yogi(u: f32, p: f32, h: Yogi, m: ptr<function, f32>, v: ptr<function, f32>) -> f32 {
  *m = h.beta1 * (*m + select(h.start_m, 0.0, u == 0.0)) + h.rest1 * u;
  let before = *v + h.start_v;
  let square = u * u;
  *v = before - h.rest2 * sign(before - square) * square;
  let root = sqrt(*v * h.v_scale) + h.eps;
  return *m * h.m_scale / select(root, 1.0, root == 0.0);
}
