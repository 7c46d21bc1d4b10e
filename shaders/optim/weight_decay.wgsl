// u + decay p. Before a rule it is L2 regularization (coupled), after it decoupled weight decay (Loshchilov & Hutter 2019).
struct WeightDecay { decay: f32 }

fn weight_decay(u: f32, p: f32, h: WeightDecay) -> f32 {
  return u + h.decay * p;
}
