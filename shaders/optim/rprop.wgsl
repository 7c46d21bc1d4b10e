// Rprop (Riedmiller & Braun 1993; without weight backtracking): a step size of its own for each parameter, that grows
// while the sign of u lasts and shrinks where it flips; there u counts as 0. start is the first step size at the first
// step, then 0.
struct Rprop { start: f32, shrink: f32, grow: f32, least: f32, most: f32 }

fn rprop(u: f32, p: f32, h: Rprop, previous: ptr<function, f32>, size: ptr<function, f32>) -> f32 {
  let agreement = sign(u) * sign(*previous);
  let factor = select(select(1.0, h.grow, agreement > 0.0), h.shrink, agreement < 0.0);
  *size = min(max((*size + h.start) * factor, h.least), h.most);
  *previous = select(u, 0.0, agreement < 0.0);
  return sign(*previous) * *size;
}
