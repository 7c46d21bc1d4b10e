// RMSProp (Tieleman & Hinton 2012). start = alpha v_0 at the first step, then 0; rest = 1 - alpha, but 1 at a first
// step that seeds v.
struct Rmsprop { alpha: f32, rest: f32, start: f32, v_scale: f32, eps_root: f32, eps: f32 }

fn rmsprop(u: f32, p: f32, h: Rmsprop, v: ptr<function, f32>) -> f32 {
  *v = h.alpha * *v + h.rest * u * u + h.start;
  let root = sqrt(*v * h.v_scale + h.eps_root) + h.eps;
  return u / select(root, 1.0, root == 0.0);
}
