// Adam (Kingma & Ba 2015, algorithm 1). rest = 1 - beta and the scales 1 / (1 - beta^t) come from the host, in f64.
struct Adam { beta1: f32, rest1: f32, beta2: f32, rest2: f32, eps: f32, m_scale: f32, v_scale: f32 }

fn adam(u: f32, p: f32, h: Adam, m: ptr<function, f32>, v: ptr<function, f32>) -> f32 {
  *m = h.beta1 * *m + h.rest1 * u;
  *v = h.beta2 * *v + h.rest2 * u * u;
  let root = sqrt(*v * h.v_scale) + h.eps;
  return *m * h.m_scale / select(root, 1.0, root == 0.0);
}
