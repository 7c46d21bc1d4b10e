// gelu(x) = x (1 + tanh s) / 2 with s = sqrt(2 / pi) (x + 0.044715 x^3): Hendrycks & Gimpel 2016, the tanh form. Derivative from x.
fn gelu(x: vec4f) -> vec4f {
  let s = 0.7978845608 * (x + 0.044715 * (x * x * x));
  return 0.5 * x * (1.0 + stable_tanh(s));
}

fn gelu_derivative(dy: vec4f, x: vec4f) -> vec4f {
  let s = 0.7978845608 * (x + 0.044715 * (x * x * x));
  let t = stable_tanh(s);
  let slope = 0.7978845608 * (1.0 + 0.134145 * (x * x));
  return dy * (0.5 * (1.0 + t) + 0.5 * x * ((1.0 - t * t) * slope));
}
