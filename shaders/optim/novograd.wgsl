// NovoGrad (Ginsburg et al. 2019): Adam's v as one number a tensor, the mean of its gradient's squared norm. At the first
// step rest is 1: v begins as the norm itself. u over its root, with decay, goes into a heavy-ball sum
// (rest1 1), or a mean.
struct Novograd { beta1: f32, rest1: f32, beta2: f32, rest: f32, eps: f32, decay: f32, v: f32 }

fn novograd(u: f32, p: f32, h: Novograd, m: ptr<function, f32>) -> f32 {
  let root = sqrt(h.v) + h.eps;
  *m = h.beta1 * *m + h.rest1 * (u / select(root, 1.0, root == 0.0) + h.decay * p);
  return *m;
}

fn novograd_terms(u: f32, p: f32, h: Novograd, m: f32) -> vec4f {
  return vec4f(u * u, 0.0, 0.0, 0.0);
}

fn novograd_settle(sums: vec4f, count: f32, h: Novograd, before: vec4f) -> vec4f {
  return vec4f(h.beta2 * before.x + h.rest * sums.x, 0.0, 0.0, 0.0);
}
