// Adan (Xie et al. 2022): Nesterov's look-ahead as a mean of u's changes. later is 0 at the first step, which knows no
// change.
struct Adan {
  beta1: f32, rest1: f32, beta2: f32, rest2: f32, beta3: f32, rest3: f32,
  eps: f32, eps_root: f32, later: f32, m_scale: f32, d_scale: f32, n_scale: f32
}

fn adan(u: f32, p: f32, h: Adan, m: ptr<function, f32>, d: ptr<function, f32>, n: ptr<function, f32>,
  previous: ptr<function, f32>) -> f32 {
  let change = h.later * (u - *previous);
  let ahead = u + h.beta2 * change;
  *previous = u;
  *m = h.beta1 * *m + h.rest1 * u;
  *d = h.beta2 * *d + h.rest2 * change;
  *n = h.beta3 * *n + h.rest3 * ahead * ahead;
  let root = sqrt(*n * h.n_scale + h.eps_root) + h.eps;
  return (*m * h.m_scale + *d * h.d_scale) / select(root, 1.0, root == 0.0);
}
