// elu(x) = x where x > 0, else alpha (exp(x) - 1) (Clevert et al. 2016, eq. 15). Derivative from the output: y + alpha there.
const ELU_ALPHA = 1.0;

fn elu(x: vec4f) -> vec4f {
  return select(x, ELU_ALPHA * stable_expm1(min(x, vec4f())), x <= vec4f());
}

fn elu_derivative(dy: vec4f, y: vec4f) -> vec4f {
  return select(dy, dy * (y + ELU_ALPHA), y <= vec4f());
}
