// Decoupled weight decay as a proximal step (Parikh & Boyd 2014): p = (p - lr u) / (1 + lr decay). shrink = 1 / (1 + lr
// decay).
struct ProximalDecay { decay: f32, shrink: f32 }

fn proximal_decay(u: f32, p: f32, h: ProximalDecay) -> f32 {
  return (u + h.decay * p) * h.shrink;
}
