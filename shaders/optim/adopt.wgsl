// ADOPT (Taniguchi et al. 2024): u over the root of the previous v, clipped to +-limit, then the mean. The first step
// only seeds v: there limit is 0 and rest2 is 1.
struct Adopt { beta1: f32, rest1: f32, beta2: f32, rest2: f32, eps: f32, limit: f32 }

fn adopt(u: f32, p: f32, h: Adopt, m: ptr<function, f32>, v: ptr<function, f32>) -> f32 {
  let root = max(sqrt(*v), h.eps);
  let normed = min(max(u / select(root, 1.0, root == 0.0), -h.limit), h.limit);
  *m = h.beta1 * *m + h.rest1 * normed;
  *v = h.beta2 * *v + h.rest2 * u * u;
  return *m;
}
