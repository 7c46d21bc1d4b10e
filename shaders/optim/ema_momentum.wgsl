// Momentum as a running mean: m = beta m + rest u, rest = 1 - beta. scale is 1, or 1 / (1 - beta^t) where the mean is
// debiased.
struct EmaMomentum { beta: f32, rest: f32, scale: f32 }

fn ema_momentum(u: f32, p: f32, h: EmaMomentum, m: ptr<function, f32>) -> f32 {
  *m = h.beta * *m + h.rest * u;
  return *m * h.scale;
}
