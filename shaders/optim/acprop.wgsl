// ACProp (Zhuang et al. 2021): u over the root of AdaBelief's s of the step before; one at the first step, which has
// none. stale: s is of u less the mean before u, as optax 0.2.8 has it.
struct Acprop {
  beta1: f32, rest1: f32, beta2: f32, rest2: f32, eps: f32, eps_root: f32, s_scale: f32, start: f32, stale: f32
}

fn acprop(u: f32, p: f32, h: Acprop, m: ptr<function, f32>, s: ptr<function, f32>) -> f32 {
  let root = sqrt(*s * h.s_scale + h.start) + h.eps;
  let before = *m;
  *m = h.beta1 * *m + h.rest1 * u;
  let surprise = u - select(*m, before, h.stale != 0.0);
  *s = h.beta2 * *s + h.rest2 * surprise * surprise + h.eps_root;
  return u / select(root, 1.0, root == 0.0);
}
