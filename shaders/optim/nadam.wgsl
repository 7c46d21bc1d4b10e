// NAdam (Dozat 2016): Adam whose mean already holds the next step's share of u. Both shares come from the host.
struct Nadam { beta1: f32, rest1: f32, beta2: f32, rest2: f32, eps: f32, u_scale: f32, m_scale: f32, v_scale: f32 }

fn nadam(u: f32, p: f32, h: Nadam, m: ptr<function, f32>, v: ptr<function, f32>) -> f32 {
  *m = h.beta1 * *m + h.rest1 * u;
  *v = h.beta2 * *v + h.rest2 * u * u;
  let root = sqrt(*v * h.v_scale) + h.eps;
  return (h.u_scale * u + h.m_scale * *m) / select(root, 1.0, root == 0.0);
}
