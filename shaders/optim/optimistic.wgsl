// Optimistic gradients (Daskalakis et al. 2018; Mokhtari et al. 2020): (alpha + beta) u - beta u_before. now is alpha +
// beta, but alpha at the first step, which has no u before it.
struct Optimistic { now: f32, before: f32 }

fn optimistic(u: f32, p: f32, h: Optimistic, previous: ptr<function, f32>) -> f32 {
  let ahead = h.now * u - h.before * *previous;
  *previous = u;
  return ahead;
}
