// Cautious steps (Liang et al. 2024): only where u and the gradient agree in sign, scaled up by the share of those in the
// tensor: 1 / max(share, floor), or n / (count + more) with floor 0.
struct Cautious { floor: f32, more: f32, scale: f32 }

fn cautious(u: f32, p: f32, h: Cautious, gradient: ptr<function, f32>) -> f32 {
  return select(0.0, u * h.scale, sign(u) * sign(*gradient) > 0.0);
}

fn cautious_terms(u: f32, p: f32, h: Cautious, gradient: f32) -> vec4f {
  return vec4f(select(0.0, 1.0, sign(u) * sign(gradient) > 0.0), 0.0, 0.0, 0.0);
}

fn cautious_settle(sums: vec4f, count: f32, h: Cautious, before: vec4f) -> vec4f {
  return vec4f(count / max(sums.x + h.more, max(h.floor * count, 1.1754944e-38)), 0.0, 0.0, 0.0);
}
