// Adam with a second eps, under the root: optax' eps_root, which keeps derivatives of the step finite at v = 0.
struct AdamEpsRoot {
  beta1: f32, rest1: f32, beta2: f32, rest2: f32, eps: f32, eps_root: f32, m_scale: f32, v_scale: f32
}

fn adam_eps_root(u: f32, p: f32, h: AdamEpsRoot, m: ptr<function, f32>, v: ptr<function, f32>) -> f32 {
  *m = h.beta1 * *m + h.rest1 * u;
  *v = h.beta2 * *v + h.rest2 * u * u;
  let root = sqrt(*v * h.v_scale + h.eps_root) + h.eps;
  return *m * h.m_scale / select(root, 1.0, root == 0.0);
}
