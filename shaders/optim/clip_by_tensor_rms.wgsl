// u / max(1, rms / limit), rms over each tensor (Shazeer & Stern 2018).
struct ClipByTensorRms { limit: f32, divisor: f32 }

fn clip_by_tensor_rms(u: f32, p: f32, h: ClipByTensorRms) -> f32 {
  return u / h.divisor;
}

fn clip_by_tensor_rms_terms(u: f32, p: f32, h: ClipByTensorRms) -> vec4f {
  return vec4f(u * u, 0.0, 0.0, 0.0);
}

fn clip_by_tensor_rms_settle(sums: vec4f, count: f32, h: ClipByTensorRms, before: vec4f) -> vec4f {
  return vec4f(max(sqrt(sums.x / count) / h.limit, 1.0), 0.0, 0.0, 0.0);
}
