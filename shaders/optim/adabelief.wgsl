// AdaBelief (Zhuang et al. 2020): Adam over the mean square of u - m, to which eps_root is added at every step.
struct Adabelief {
  beta1: f32, rest1: f32, beta2: f32, rest2: f32, eps: f32, eps_root: f32, m_scale: f32, s_scale: f32
}

fn adabelief(u: f32, p: f32, h: Adabelief, m: ptr<function, f32>, s: ptr<function, f32>) -> f32 {
  *m = h.beta1 * *m + h.rest1 * u;
  let surprise = u - *m;
  *s = h.beta2 * *s + h.rest2 * surprise * surprise + h.eps_root;
  let root = sqrt(*s * h.s_scale) + h.eps;
  return *m * h.m_scale / select(root, 1.0, root == 0.0);
}
