// DoG (Ivgi et al. 2023): the step size is the largest distance from the start so far over the root of the sum of the
// squared gradients' norms. At the first step the distance is initial (1 + |p|).
struct Dog { initial: f32, eps: f32, first: f32, distance: f32, squares: f32 }

fn dog(u: f32, p: f32, h: Dog, origin: ptr<function, f32>) -> f32 {
  *origin = select(*origin, p, h.first != 0.0);
  let root = sqrt(h.squares + h.eps);
  return u * h.distance / select(root, 1.0, root == 0.0);
}

fn dog_terms(u: f32, p: f32, h: Dog, origin: f32) -> vec4f {
  let away = p - select(origin, 0.0, h.first != 0.0);
  return vec4f(away * away, u * u, 0.0, 0.0);
}

fn dog_settle(sums: vec4f, count: f32, h: Dog, before: vec4f) -> vec4f {
  let distance = sqrt(sums.x);
  let most = select(max(before.x, distance), h.initial * (1.0 + distance), h.first != 0.0);
  return vec4f(most, before.y + sums.y, 0.0, 0.0);
}
