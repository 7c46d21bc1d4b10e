// u + decay p in tensors of two dimensions and more; u in the others: biases, scales.
struct MatrixDecay { decay: f32, matrix: f32 }

fn matrix_decay(u: f32, p: f32, h: MatrixDecay) -> f32 {
  return select(u, u + h.decay * p, h.matrix != 0.0);
}
