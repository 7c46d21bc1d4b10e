// The step itself: lr u, which the update then takes from p.
struct Descend { lr: f32 }

fn descend(u: f32, p: f32, h: Descend) -> f32 {
  return h.lr * u;
}
