// Adadelta (Zeiler 2012, algorithm 1): v is the mean square of u, d that of the steps taken. rest = 1 - rho.
struct Adadelta { rho: f32, rest: f32, eps: f32 }

fn adadelta(u: f32, p: f32, h: Adadelta, v: ptr<function, f32>, d: ptr<function, f32>) -> f32 {
  *v = h.rho * *v + h.rest * u * u;
  let root = sqrt(*v + h.eps);
  let moved = sqrt(*d + h.eps) / select(root, 1.0, root == 0.0) * u;
  *d = h.rho * *d + h.rest * moved * moved;
  return moved;
}
