// Random numbers as floats, bit-equal to src/core/random.ts. Names random.wgsl.

// In [0, 1): a multiple of 2^-24, exact in f32.
fn random_uniform(seed: u32, stream: u32, step: u32, index: u32) -> f32 {
  return f32(random_hash(seed, stream, step, index) >> 8u) * 0x1p-24f;
}

// Of mean 0 and variance 1: heads of 224 coins and two 16-bit uniforms, in integers, and one product; 0x1.1144e8p-19 is
// 1 / (65536 sqrt(224 / 4 + 2 / 12)).
fn random_gaussian(seed: u32, stream: u32, step: u32, index: u32) -> f32 {
  let a = random_block(seed, stream, step, 2u * index);
  let b = random_block(seed, stream, step, 2u * index + 1u);
  let heads = countOneBits(a) + vec4u(countOneBits(b.xyz), 0u);
  let coins = i32(heads.x + heads.y + heads.z + heads.w) - 112;
  let rest = i32((b.w & 0xffffu) + (b.w >> 16u)) - 65535;
  return f32(coins * 65536 + rest) * 0x1.1144e8p-19f;
}
