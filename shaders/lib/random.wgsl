// Counter-based random numbers, bit-equal to src/core/random.ts: pcg4d (Jarzynski & Olano, JCGT 9(3), 2020) with a third
// round and a fold after the last, so that every key bit reaches every bit of the result.

fn random_block(seed: u32, stream: u32, step: u32, index: u32) -> vec4u {
  var v = vec4u(seed, stream, step, index) * 1664525u + 1013904223u;
  for (var round = 0u; round < 3u; round++) {
    v.x += v.y * v.w;
    v.y += v.z * v.x;
    v.z += v.x * v.y;
    v.w += v.y * v.z;
    v ^= v >> vec4u(16u);
  }
  return v;
}

fn random_hash(seed: u32, stream: u32, step: u32, index: u32) -> u32 {
  return random_block(seed, stream, step, index).w;
}
