// -t log p - (1 - t) log(1 - p) of the odds' logit z, p = sigmoid(z): max(z, 0) - z t + log(1 + exp(-|z|)), which cannot overflow.
// A fragment of target_loss. A hit is z > 0 where the target is above 1/2, and z <= 0 elsewhere.
fn binary_cross_entropy(value: vec4f, wanted: vec4f) -> vec4f {
  return max(value, vec4f()) - value * wanted + stable_log1p(exp(-abs(value)));
}

fn binary_cross_entropy_slope(value: vec4f, wanted: vec4f) -> vec4f {
  return stable_sigmoid(value) - wanted;
}

fn binary_cross_entropy_hit(value: vec4f, wanted: vec4f) -> vec4f {
  return select(vec4f(), vec4f(1.0), (value > vec4f()) == (wanted > vec4f(0.5)));
}
