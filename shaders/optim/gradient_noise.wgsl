// Gradient noise (Neelakantan et al. 2015): u plus a normal number of standard deviation sqrt(eta / t^gamma).
struct GradientNoise { deviation: f32, noise: f32 }

fn gradient_noise(u: f32, p: f32, h: GradientNoise) -> f32 {
  return u + h.deviation * h.noise;
}
