// AMSGrad (Reddi et al. 2018): Adam over the largest v so far. The debiasing scale of v stands before the maximum or
// after it.
struct Amsgrad {
  beta1: f32, rest1: f32, beta2: f32, rest2: f32, eps: f32, eps_root: f32, m_scale: f32, before: f32, after: f32
}

fn amsgrad(u: f32, p: f32, h: Amsgrad, m: ptr<function, f32>, v: ptr<function, f32>, most: ptr<function, f32>) -> f32 {
  *m = h.beta1 * *m + h.rest1 * u;
  *v = h.beta2 * *v + h.rest2 * u * u;
  *most = max(*most, *v * h.before);
  let root = sqrt(*most * h.after + h.eps_root) + h.eps;
  return *m * h.m_scale / select(root, 1.0, root == 0.0);
}
