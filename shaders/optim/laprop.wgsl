// LaProp (Ziyin et al. 2020): u is divided by its root mean square first, and the mean is taken of that.
struct Laprop { beta1: f32, rest1: f32, beta2: f32, rest2: f32, eps: f32, m_scale: f32, v_scale: f32 }

fn laprop(u: f32, p: f32, h: Laprop, m: ptr<function, f32>, v: ptr<function, f32>) -> f32 {
  *v = h.beta2 * *v + h.rest2 * u * u;
  let root = sqrt(*v * h.v_scale) + h.eps;
  *m = h.beta1 * *m + h.rest1 * u / select(root, 1.0, root == 0.0);
  return *m * h.m_scale;
}
