// The sum of the steps since the last one taken: fresh is 1 at the first of them, taken at the last, else 0.
struct ApplyEvery { fresh: f32, taken: f32 }

fn apply_every(u: f32, p: f32, h: ApplyEvery, sum: ptr<function, f32>) -> f32 {
  *sum = select(*sum, 0.0, h.fresh != 0.0) + u;
  return h.taken * *sum;
}
