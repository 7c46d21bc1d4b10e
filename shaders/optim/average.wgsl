// A running average of p, of which it moves `share` of the way to p after the step; 1 at the first step. Changes nothing else.
struct Average { share: f32 }

fn average(u: f32, p: f32, h: Average, average: ptr<function, f32>) -> f32 {
  let moved = p - u;
  *average = select(*average + h.share * (moved - *average), moved, h.share == 1.0);
  return u;
}
