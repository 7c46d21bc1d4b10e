// The product every matrix kernel is made of, in the one order all of them keep.

// sum + left . block, one product after the other.
fn row_times(left: vec4f, block: mat4x4f, sum: vec4f) -> vec4f {
  return fma(vec4f(left.w), block[3], fma(vec4f(left.z), block[2],
    fma(vec4f(left.y), block[1], fma(vec4f(left.x), block[0], sum))));
}
