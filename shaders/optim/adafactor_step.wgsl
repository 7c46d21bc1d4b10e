// Adafactor's step (Shazeer & Stern 2018, algorithms 4 and 5): u clipped by its root mean square in each tensor, times the
// parameter's, which counts as min_rms at least. relative is min(1, 1 / (lr sqrt(t))).
struct AdafactorStep { limit: f32, min_rms: f32, relative: f32, size: f32, divisor: f32 }

fn adafactor_step(u: f32, p: f32, h: AdafactorStep) -> f32 {
  return u * (h.relative * h.size) / h.divisor;
}

fn adafactor_step_terms(u: f32, p: f32, h: AdafactorStep) -> vec4f {
  return vec4f(p * p, u * u, 0.0, 0.0);
}

fn adafactor_step_settle(sums: vec4f, count: f32, h: AdafactorStep, before: vec4f) -> vec4f {
  return vec4f(max(h.min_rms, sqrt(sums.x / count)), max(1.0, sqrt(sums.y / count) / h.limit), 0.0, 0.0);
}
