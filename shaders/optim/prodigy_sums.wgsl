// Prodigy's running sums (Mishchenko & Defazio 2023), of gradients times the distance d estimated so far: d0 at the first
// step. rate = lr sqrt(1 - beta2^t) / (1 - beta1^t).
struct ProdigySums { beta1: f32, rest1: f32, beta2: f32, rest2: f32, beta3: f32, rate: f32, d0: f32, first: f32, d: f32 }

fn prodigy_sums(u: f32, p: f32, h: ProdigySums, m: ptr<function, f32>, v: ptr<function, f32>, sum: ptr<function, f32>,
  origin: ptr<function, f32>) -> f32 {
  let d = select(h.d, h.d0, h.first != 0.0);
  let scaled = d * u;
  *m = h.beta1 * *m + h.rest1 * scaled;
  *v = h.beta2 * *v + h.rest2 * scaled * scaled;
  *sum = h.beta3 * *sum + h.rate * (d / h.d0) * scaled;
  *origin = select(*origin, p, h.first != 0.0);
  return u;
}
