// Adamax (Kingma & Ba 2015, algorithm 2): n is the decayed maximum of |u|. eps_in is added inside the maximum, eps
// after it.
struct Adamax { beta1: f32, rest1: f32, beta2: f32, eps_in: f32, eps: f32, m_scale: f32 }

fn adamax(u: f32, p: f32, h: Adamax, m: ptr<function, f32>, n: ptr<function, f32>) -> f32 {
  *m = h.beta1 * *m + h.rest1 * u;
  *n = max(h.beta2 * *n, abs(u) + h.eps_in);
  let most = *n + h.eps;
  return *m * h.m_scale / select(most, 1.0, most == 0.0);
}
