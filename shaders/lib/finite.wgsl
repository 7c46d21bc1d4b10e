// NaN or infinity, by the bits: comparing with itself or with max is folded away.
fn nonfinite(x: vec4f) -> bool {
  return any((bitcast<vec4u>(x) & vec4u(0x7f800000u)) == vec4u(0x7f800000u));
}
