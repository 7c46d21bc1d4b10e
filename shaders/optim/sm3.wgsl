// SM3-II (Anil et al. 2019, algorithm SM3-II): an accumulator a row and a column, the number's own bound the smaller of the
// two. v is the largest along the line, old what it was before this step.
struct Sm3 { beta1: f32, rest1: f32, eps: f32, row_v: f32, col_v: f32, row_old: f32, col_old: f32 }

fn sm3(u: f32, p: f32, h: Sm3, m: ptr<function, f32>) -> f32 {
  let root = sqrt(u * u + min(h.row_old, h.col_old) + h.eps);
  *m = h.beta1 * *m + h.rest1 * (u / select(root, 1.0, root == 0.0));
  return *m;
}

fn sm3_terms(u: f32, p: f32, h: Sm3, m: f32) -> vec4f {
  return vec4f(u * u + min(h.row_v, h.col_v), 0.0, 0.0, 0.0);
}

fn sm3_settle(sums: vec4f, count: f32, h: Sm3, before: vec4f) -> vec4f {
  return vec4f(sums.x, before.x, 0.0, 0.0);
}
