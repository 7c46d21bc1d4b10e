// a + b, a fragment of zip.
fn add(a: vec4f, b: vec4f) -> vec4f {
  return a + b;
}
