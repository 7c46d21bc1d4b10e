// Heavy ball (Polyak 1964): b = momentum b + rest u, rest = 1 - dampening but 1 at the first step. Nesterov steps along u + momentum b.
struct Momentum { momentum: f32, rest: f32, nesterov: f32 }

fn momentum(u: f32, p: f32, h: Momentum, b: ptr<function, f32>) -> f32 {
  *b = h.momentum * *b + h.rest * u;
  return select(*b, u + h.momentum * *b, h.nesterov != 0.0);
}
