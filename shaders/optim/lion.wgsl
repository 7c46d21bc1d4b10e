// Lion (Chen et al. 2023, algorithm 2): the sign of a mean of u and the old m; m is renewed after that.
struct Lion { beta1: f32, rest1: f32, beta2: f32, rest2: f32 }

fn lion(u: f32, p: f32, h: Lion, m: ptr<function, f32>) -> f32 {
  let direction = sign(h.beta1 * *m + h.rest1 * u);
  *m = h.beta2 * *m + h.rest2 * u;
  return direction;
}
