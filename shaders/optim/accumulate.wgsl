// The mean of the gradients since it last began anew: fresh is 1 then, else 0; share is one over their number.
struct Accumulate { share: f32, fresh: f32 }

fn accumulate(u: f32, p: f32, h: Accumulate, sum: ptr<function, f32>) -> f32 {
  *sum = select(*sum, 0.0, h.fresh != 0.0) + h.share * u;
  return *sum;
}
