// tanh in its stable form. Derivative from the output: 1 - y^2.
fn tanh_forward(x: vec4f) -> vec4f {
  return stable_tanh(x);
}

fn tanh_derivative(dy: vec4f, y: vec4f) -> vec4f {
  return dy * (1.0 - y * y);
}
