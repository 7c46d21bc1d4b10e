// MADGRAD (Defazio & Jelassi 2022): dual averaging from where p was before the first step. weight = (lr + eps) sqrt(t)
// and rest = 1 - momentum come from the host; first is 1 at the first step, then 0. What it returns is the whole step.
struct Madgrad { weight: f32, rest: f32, eps: f32, first: f32 }

fn madgrad(u: f32, p: f32, h: Madgrad, s: ptr<function, f32>, v: ptr<function, f32>,
  origin: ptr<function, f32>) -> f32 {
  *origin = select(*origin, p, h.first != 0.0);
  *s = *s + h.weight * u;
  *v = *v + h.weight * u * u;
  let root = cube_root(*v) + h.eps;
  let z = *origin - *s / select(root, 1.0, root == 0.0);
  return h.rest * (p - z);
}

// x^(1/3) of a number that is not negative: 0 below the normal numbers; one Newton step brings it to a few units in the
// last place.
fn cube_root(x: f32) -> f32 {
  let guess = exp2(log2(max(x, 1.1754944e-38)) / 3.0);
  let root = (2.0 * guess + x / (guess * guess)) / 3.0;
  return select(root, 0.0, x < 1.1754944e-38);
}
