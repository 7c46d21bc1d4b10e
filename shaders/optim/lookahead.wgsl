// Lookahead (Zhang et al. 2019): at a synchronisation the slow weights go alpha of the way to the fast ones, and the fast
// begin there again. first is 1 at the first step, sync at every k-th, else 0.
struct Lookahead { alpha: f32, first: f32, sync: f32 }

fn lookahead(u: f32, p: f32, h: Lookahead, average: ptr<function, f32>) -> f32 {
  let before = select(*average, p, h.first != 0.0);
  let jump = p - (before + h.alpha * (p - u - before));
  // What p will be, to the last bit.
  *average = select(before, p - jump, h.sync != 0.0);
  return select(u, jump, h.sync != 0.0);
}
