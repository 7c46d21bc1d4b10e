// softplus(x) = log(1 + exp(x)) as max(x, 0) + log(1 + exp(-|x|)), which cannot overflow. Derivative from the input: sigmoid(x).
fn softplus(x: vec4f) -> vec4f {
  return max(x, vec4f()) + stable_log1p(exp(-abs(x)));
}

fn softplus_derivative(dy: vec4f, x: vec4f) -> vec4f {
  return dy * stable_sigmoid(x);
}
