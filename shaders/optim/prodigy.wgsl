// Prodigy (Mishchenko & Defazio 2023): Adam whose step size is an estimate d of the distance to the solution, which only
// grows. What it returns is the whole step, with the d before this step's estimate.
struct Prodigy {
  beta3: f32, rate: f32, d0: f32, first: f32, coefficient: f32, eps: f32, decay: f32, d: f32, numerator: f32, before: f32
}

fn prodigy(u: f32, p: f32, h: Prodigy, m: ptr<function, f32>, v: ptr<function, f32>, sum: ptr<function, f32>,
  origin: ptr<function, f32>) -> f32 {
  let root = sqrt(*v) + h.d * h.eps;
  return h.rate * h.before * (h.decay * p + *m / select(root, 1.0, root == 0.0));
}

fn prodigy_terms(u: f32, p: f32, h: Prodigy, m: f32, v: f32, sum: f32, origin: f32) -> vec4f {
  return vec4f(u * (origin - p), abs(sum), 0.0, 0.0);
}

fn prodigy_settle(sums: vec4f, count: f32, h: Prodigy, before: vec4f) -> vec4f {
  let d = select(before.x, h.d0, h.first != 0.0);
  let numerator = h.beta3 * before.y + d / h.d0 * (h.rate * d) * sums.x;
  let estimate = h.coefficient * numerator / select(sums.y, 1.0, sums.y == 0.0);
  return vec4f(max(d, estimate), numerator, d, 0.0);
}
