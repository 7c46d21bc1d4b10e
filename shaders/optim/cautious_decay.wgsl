// u + decay p where the two point the same way; u elsewhere (Chen et al. 2025): decay never works against the step.
struct CautiousDecay { decay: f32 }

fn cautious_decay(u: f32, p: f32, h: CautiousDecay) -> f32 {
  return select(u, u + h.decay * p, sign(u) * sign(p) > 0.0);
}
