// sigmoid(x) = 1 / (1 + exp(-x)) in its stable form. Derivative from the output: y (1 - y).
fn sigmoid(x: vec4f) -> vec4f {
  return stable_sigmoid(x);
}

fn sigmoid_derivative(dy: vec4f, y: vec4f) -> vec4f {
  return dy * (y * (1.0 - y));
}
