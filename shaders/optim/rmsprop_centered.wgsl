// RMSProp over the centered second moment v - m^2 (Graves 2013), which rounding may leave below 0: then it is 0.
struct RmspropCentered {
  alpha: f32, rest: f32, rest_v: f32, start: f32, m_scale: f32, v_scale: f32, eps_root: f32, eps: f32
}

fn rmsprop_centered(u: f32, p: f32, h: RmspropCentered, m: ptr<function, f32>, v: ptr<function, f32>) -> f32 {
  *m = h.alpha * *m + h.rest * u;
  *v = h.alpha * *v + h.rest_v * u * u + h.start;
  let mean = *m * h.m_scale;
  let spread = max(*v * h.v_scale - mean * mean, 0.0);
  let root = sqrt(spread + h.eps_root) + h.eps;
  return u / select(root, 1.0, root == 0.0);
}
