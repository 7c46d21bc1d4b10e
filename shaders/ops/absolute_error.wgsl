// |z - target|, a fragment of target_loss. Its slope is 0 where the two are equal.
fn absolute_error(value: vec4f, wanted: vec4f) -> vec4f {
  return abs(value - wanted);
}

fn absolute_error_slope(value: vec4f, wanted: vec4f) -> vec4f {
  return sign(value - wanted);
}
