// Adafactor's direction (Shazeer & Stern 2018, algorithm 4): g over the root of row x column / mean, the running means of g^2
// along a matrix' rows and columns; of its own in a vector. floor and least are PyTorch's eps, added optax' and the paper's.
struct Adafactor {
  beta2: f32, rest2: f32, added: f32, floor: f32, least: f32, row_v: f32, col_v: f32, all_v: f32, matrix: f32
}

fn adafactor(u: f32, p: f32, h: Adafactor) -> f32 {
  let mean = max(h.all_v, h.floor);
  let share = select(1.0, h.row_v / select(mean, 1.0, mean == 0.0), h.matrix != 0.0);
  let root = sqrt(max(share * h.col_v, h.least));
  return u / select(root, 1.0, root == 0.0);
}

fn adafactor_terms(u: f32, p: f32, h: Adafactor) -> vec4f {
  return vec4f(u * u + h.added, 0.0, 0.0, 0.0);
}

fn adafactor_settle(sums: vec4f, count: f32, h: Adafactor, before: vec4f) -> vec4f {
  return vec4f(h.beta2 * before.x + h.rest2 * (sums.x / count), 0.0, 0.0, 0.0);
}
