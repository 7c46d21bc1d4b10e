// silu(x) = x sigmoid(x) (Elfwing et al. 2017; swish). Derivative from the input: s (1 + x (1 - s)), with 1 - s as sigmoid(-x).
fn silu(x: vec4f) -> vec4f {
  return x * stable_sigmoid(x);
}

fn silu_derivative(dy: vec4f, x: vec4f) -> vec4f {
  return dy * (stable_sigmoid(x) * (1.0 + x * stable_sigmoid(-x)));
}
