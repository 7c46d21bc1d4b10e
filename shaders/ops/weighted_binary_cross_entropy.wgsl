// -w t log p - (1 - t) log(1 - p) of the odds' logit z, p = sigmoid(z), with the column's weight w of a yes: w t softplus(-z) +
// (1 - t) softplus(z), the straight parts first. A fragment of target_loss; positive_weight(quad) is text beside it.
fn weighted_binary_cross_entropy(value: vec4f, wanted: vec4f, quad: u32) -> vec4f {
  let positive = positive_weight(quad);
  let straight = positive * wanted * max(-value, vec4f()) + (1.0 - wanted) * max(value, vec4f());
  return straight + (positive * wanted + (1.0 - wanted)) * stable_log1p(exp(-abs(value)));
}

fn weighted_binary_cross_entropy_slope(value: vec4f, wanted: vec4f, quad: u32) -> vec4f {
  return (1.0 - wanted) * stable_sigmoid(value) - positive_weight(quad) * wanted * stable_sigmoid(-value);
}

fn weighted_binary_cross_entropy_hit(value: vec4f, wanted: vec4f) -> vec4f {
  return select(vec4f(), vec4f(1.0), (value > vec4f()) == (wanted > vec4f(0.5)));
}
