// The arithmetic ceiling: eight independent chains of vec4 multiply-adds a thread, 64 trips of 8.
@group(0) @binding(0) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let a = vec4f(f32(id.x & 7u)) * 1e-3 + 0.99;
  let b = vec4f(1e-3);
  var s0 = a;
  var s1 = a + b;
  var s2 = a - b;
  var s3 = a * b;
  var s4 = b;
  var s5 = a + a;
  var s6 = a * a;
  var s7 = b * b;
  for (var i = 0u; i < 64u; i++) {
    s0 = fma(s0, a, b);
    s1 = fma(s1, a, b);
    s2 = fma(s2, a, b);
    s3 = fma(s3, a, b);
    s4 = fma(s4, a, b);
    s5 = fma(s5, a, b);
    s6 = fma(s6, a, b);
    s7 = fma(s7, a, b);
  }
  y[id.x] = s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7;
}
