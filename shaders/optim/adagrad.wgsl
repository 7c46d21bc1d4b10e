// Adagrad (Duchi et al. 2011): s sums squares. start is s before the first step, then 0; rate = 1 / (1 + (t - 1)
// lr_decay).
struct Adagrad { start: f32, rate: f32, eps_root: f32, eps: f32 }

fn adagrad(u: f32, p: f32, h: Adagrad, s: ptr<function, f32>) -> f32 {
  *s = *s + h.start + u * u;
  let root = sqrt(*s + h.eps_root) + h.eps;
  return h.rate * u / select(root, 1.0, root == 0.0);
}
