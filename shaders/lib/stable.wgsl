// Functions whose built-in forms overflow or lose relative accuracy near 0.

// tanh through exp(-2|x|), which cannot overflow; below 1/32 its series, so that small arguments keep their relative accuracy.
fn stable_tanh(x: vec4f) -> vec4f {
  let t = exp(-2.0 * abs(x));
  let square = x * x;
  let series = x + x * square * (square * 0.13333333 - 0.33333333);
  return select(sign(x) * ((1.0 - t) / (1.0 + t)), series, abs(x) < vec4f(0.03125));
}

fn stable_sigmoid(x: vec4f) -> vec4f {
  let t = exp(-abs(x));
  return select(t, vec4f(1.0), x >= vec4f(0.0)) / (1.0 + t);
}
