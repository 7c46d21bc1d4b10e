// Sharpness-aware minimization (Foret et al. 2021): p goes up the gradient by rho T T u / |T u|, and is kept as it was. T is
// 1, or |p| + eta where it adapts (Kwon et al. 2021).
struct Ascend { rho: f32, eta: f32, adaptive: f32, squared_norm: f32 }

fn ascend(u: f32, p: f32, h: Ascend, kept: ptr<function, f32>) -> f32 {
  *kept = p;
  let weight = select(1.0, abs(p) + h.eta, h.adaptive != 0.0);
  let norm = sqrt(h.squared_norm);
  return -(h.rho * weight * weight * u / select(norm, 1.0, norm == 0.0));
}

fn ascend_terms(u: f32, p: f32, h: Ascend, kept: f32) -> vec4f {
  let weighted = select(1.0, abs(p) + h.eta, h.adaptive != 0.0) * u;
  return vec4f(weighted * weighted, 0.0, 0.0, 0.0);
}
