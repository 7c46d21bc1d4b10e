// Counter-based random numbers: a value is a function of four u32 keys, never of a state or of who asks.
// Bit-equal to shaders/lib/random.wgsl. The same keys give the same bits on every machine, at any step, in any order.

/** Streams that no layer uses (a layer's stream is its id, counted from 0): one for each other use of a seed. */
export const streams = {
  order: 0xffffff00,
  draw: 0xffffff01,
  split: 0xffffff02,
  points: 0xffffff03,
  noise: 0xffffff04,
  truth: 0xffffff05,
  /** Of gradients: and 65536 n + tensor, for the n-th drawing rule of a chain. */
  gradient: 0xfff00000,
} as const;

const MULTIPLIER = 1664525;
const INCREMENT = 1013904223;
const ROUNDS = 3;

// Reused, so that a number costs no allocation.
const words = new Uint32Array(4);

/**
 * pcg4d (Jarzynski & Olano, Hash Functions for GPU Rendering, JCGT 9(3), 2020: a congruential step, then mix, fold, mix)
 * with one more round and a fold after the last. As published, bit k < 15 of a word depends on bits 0 to k + 16 of the
 * keys only; here every key bit flips every word's bit in half of the cases (test/node/random.test.ts).
 */
function mix(seed: number, stream: number, step: number, index: number): void {
  let x = (Math.imul(seed, MULTIPLIER) + INCREMENT) | 0;
  let y = (Math.imul(stream, MULTIPLIER) + INCREMENT) | 0;
  let z = (Math.imul(step, MULTIPLIER) + INCREMENT) | 0;
  let w = (Math.imul(index, MULTIPLIER) + INCREMENT) | 0;
  for (let round = 0; round < ROUNDS; round++) {
    x = (x + Math.imul(y, w)) | 0;
    y = (y + Math.imul(z, x)) | 0;
    z = (z + Math.imul(x, y)) | 0;
    w = (w + Math.imul(y, z)) | 0;
    x ^= x >>> 16;
    y ^= y >>> 16;
    z ^= z >>> 16;
    w ^= w >>> 16;
  }
  words[0] = x;
  words[1] = y;
  words[2] = z;
  words[3] = w;
}

/** Four u32 words of the keys (each taken modulo 2^32): a bijection of the 128 bits. The last word is {@link hash}. */
export function block(seed: number, stream: number, step: number, index: number): [number, number, number, number] {
  mix(seed, stream, step, index);
  return [words[0] ?? 0, words[1] ?? 0, words[2] ?? 0, words[3] ?? 0];
}

/** 32 random bits, in [0, 2^32), of four u32 keys: the run's seed, the stream (layer id), the step, the element's index. */
export function hash(seed: number, stream: number, step: number, index: number): number {
  mix(seed, stream, step, index);
  return words[3] ?? 0;
}

/** Uniform in [0, 1), a multiple of 2^-24 and so exact in f32: the upper 24 bits of {@link hash}. */
export function uniform(seed: number, stream: number, step: number, index: number): number {
  return (hash(seed, stream, step, index) >>> 8) * 2 ** -24;
}

/**
 * Standard normal, f64 (Box & Muller 1958): sqrt(-2 ln u) cos(2 pi v), with u = (w + 1) 2^-32 in (0, 1] and v = z 2^-32 in
 * [0, 1) from the last two words, hence |n| < 6.67. On the CPU only: WGSL promises sin and cos to 2^-11 and no better.
 */
export function normal(seed: number, stream: number, step: number, index: number): number {
  mix(seed, stream, step, index);
  const radius = Math.sqrt(-2 * Math.log(((words[3] ?? 0) + 1) * 2 ** -32));
  return radius * Math.cos(2 * Math.PI * (words[2] ?? 0) * 2 ** -32);
}

/** 1 bits of a word. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** 1 / the standard deviation of 65536 (224 coins) + two 16-bit uniforms: 65536 sqrt(224 / 4 + 2 / 12), as f32. */
const GAUSSIAN_SCALE = 0x11144e8 * 2 ** -43;

/**
 * Normal to within what 224 coins are: their number of heads, made continuous by the sum of two uniforms, of mean 0 and
 * variance 1. Symmetric, |n| < 15.1, excess kurtosis -0.0089. Integers and one f32 product, so that a GPU gives the same bits, as
 * {@link normal} could not.
 */
export function gaussian(seed: number, stream: number, step: number, index: number): number {
  mix(seed, stream, step, 2 * index);
  let heads = ones(words[0] ?? 0) + ones(words[1] ?? 0) + ones(words[2] ?? 0) + ones(words[3] ?? 0);
  mix(seed, stream, step, 2 * index + 1);
  heads += ones(words[0] ?? 0) + ones(words[1] ?? 0) + ones(words[2] ?? 0);
  const last = words[3] ?? 0;
  const rest = (last & 0xffff) + (last >>> 16) - 65535;
  return Math.fround(((heads - 112) * 65536 + rest) * GAUSSIAN_SCALE);
}
