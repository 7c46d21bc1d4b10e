// The sign of u, 0 for 0 (Bernstein et al. 2018). A struct must have a member: unit is 1.
struct Sign { unit: f32 }

fn sign_of(u: f32, p: f32, h: Sign) -> f32 {
  return h.unit * sign(u);
}
