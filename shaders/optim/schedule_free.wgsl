// Schedule-free descent (Defazio et al. 2024) on the point y where gradients are taken: z -= lr u, the average x moves
// towards z by share, y = (1 - beta) z + beta x. advance = lr (1 - beta (1 - share)); what it returns is y's whole step.
struct ScheduleFree { lr: f32, share: f32, advance: f32, first: f32 }

fn schedule_free(u: f32, p: f32, h: ScheduleFree, z: ptr<function, f32>) -> f32 {
  let before = select(*z, p, h.first != 0.0);
  *z = before - h.lr * u;
  return h.share * (p - before) + h.advance * u;
}
