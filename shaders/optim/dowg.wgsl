// DoWG (Khaled et al. 2023): like DoG, its squared norms weighted by the squared distance, which begins as eps.
struct Dowg { eps: f32, first: f32, squared: f32, weighted: f32 }

fn dowg(u: f32, p: f32, h: Dowg, origin: ptr<function, f32>) -> f32 {
  *origin = select(*origin, p, h.first != 0.0);
  let root = sqrt(h.weighted) + h.eps;
  return u * h.squared / select(root, 1.0, root == 0.0);
}

fn dowg_terms(u: f32, p: f32, h: Dowg, origin: f32) -> vec4f {
  let away = select(p - origin, 0.0, h.first != 0.0);
  return vec4f(away * away, u * u, 0.0, 0.0);
}

fn dowg_settle(sums: vec4f, count: f32, h: Dowg, before: vec4f) -> vec4f {
  let squared = max(select(before.x, h.eps, h.first != 0.0), sums.x);
  return vec4f(squared, before.y + squared * sums.y, 0.0, 0.0);
}
