// selu(x) = s x where x > 0, else s a (exp(x) - 1), s = 1.0507..., a = 1.6733... (Klambauer et al. 2017, eq. 2). Derivative from the output.
fn selu(x: vec4f) -> vec4f {
  return select(1.0507009873554805 * x, 1.7580993408473766 * stable_expm1(min(x, vec4f())), x <= vec4f());
}

fn selu_derivative(dy: vec4f, y: vec4f) -> vec4f {
  return dy * select(vec4f(1.0507009873554805), y + 1.7580993408473766, y <= vec4f());
}
