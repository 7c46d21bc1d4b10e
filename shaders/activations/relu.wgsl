// relu(x) = x where x > 0, else 0; written so that NaN passes. Derivative from the output: 1 where y > 0, 0 at 0.
fn relu(x: vec4f) -> vec4f {
  return select(x, vec4f(), x <= vec4f());
}

fn relu_derivative(dy: vec4f, y: vec4f) -> vec4f {
  return select(dy, vec4f(), y <= vec4f());
}
