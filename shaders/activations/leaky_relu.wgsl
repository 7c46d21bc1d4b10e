// leaky_relu(x) = x where x > 0, else slope x (Maas et al. 2013); NaN passes. Derivative from the output, the slope at 0.
const LEAKY_RELU_SLOPE = 0.01;

fn leaky_relu(x: vec4f) -> vec4f {
  return select(x, LEAKY_RELU_SLOPE * x, x <= vec4f());
}

fn leaky_relu_derivative(dy: vec4f, y: vec4f) -> vec4f {
  return select(dy, LEAKY_RELU_SLOPE * dy, y <= vec4f());
}
