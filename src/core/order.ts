// The order of examples: a keyed permutation of [0, count) by (seed, epoch), or draws with replacement by seed.
// Any position is computed on its own, in any order. Bit-equal to shaders/lib/order.wgsl.
import { checkInteger } from "./check.ts";
import { block, hash, streams } from "./random.ts";

const U32 = 2 ** 32 - 1;

/** Up to this count the order is a sort by hash: exactly as random as the hash, where few rounds would not be. */
const SORTED = 16;

/** Eight round keys of one permutation: a function of (seed, epoch). */
export type OrderKey = readonly number[];

/** The keys for {@link orderAt}, computed once an epoch. `seed` and `epoch` are u32. */
export function orderKey(seed: number, epoch: number): OrderKey {
  return [...block(seed, streams.order, epoch, 0), ...block(seed, streams.order, epoch, 1)];
}

/** The upper 32 bits of the 64-bit product a * b of two u32, through 16-bit halves (WGSL has no such product). */
export function multiplyHigh(a: number, b: number): number {
  const low = Math.imul(a & 0xffff, b & 0xffff) >>> 16;
  const cross = (Math.imul(a >>> 16, b & 0xffff) >>> 0) + low;
  const other = (Math.imul(a & 0xffff, b >>> 16) >>> 0) + (cross & 0xffff);
  return (Math.imul(a >>> 16, b >>> 16) + (cross >>> 16) + (other >>> 16)) >>> 0;
}

/** Multiply, fold, multiply; the multipliers are odd, their bits mixed. Only the upper bits of the result are used. */
function roundFunction(value: number, key: number): number {
  const h = Math.imul(value + key, 0x7feb352d);
  return Math.imul(h ^ (h >>> 15), 0x846ca68b) >>> 0;
}

/** How many of the `count` hashes sort before the one of `position`; equal hashes sort by position. */
function rank(position: number, count: number, seed: number, epoch: number): number {
  const own = hash(seed, streams.order, epoch, position);
  let before = 0;
  for (let other = 0; other < count; other++) {
    const value = hash(seed, streams.order, epoch, other);
    if (value < own || (value === own && other < position)) before++;
  }
  return before;
}

/**
 * The example at `position` of a permutation of [0, count), for count > 16: see {@link order}, which also takes less.
 * A Feistel network of 8 rounds on Z_b x Z_a, a = 2^floor(bits / 2), b = ceil(count / a), that walks its cycle until it is back
 * below count (Black & Rogaway, Ciphers with Arbitrary Finite Domains, 2002). At most a - 1 numbers of the domain are not
 * below count, so a walk is rare and never longer than a.
 */
export function orderAt(position: number, count: number, key: OrderKey): number {
  const shift = (32 - Math.clz32(count - 1)) >>> 1;
  const mask = 2 ** shift - 1;
  const high = ((count - 1) >>> shift) + 1;
  let x = position;
  for (let walk = 0; walk <= mask; walk++) {
    let lower = x & mask;
    let upper = x >>> shift;
    for (let round = 0; round < 8; round += 2) {
      upper += multiplyHigh(roundFunction(lower, key[round] ?? 0), high);
      if (upper >= high) upper -= high;
      lower = (lower + (roundFunction(upper, key[round + 1] ?? 0) >>> (32 - shift))) & mask;
    }
    x = ((upper << shift) | lower) >>> 0;
    if (x < count) break;
  }
  return x;
}

/**
 * The example at `position` of epoch `epoch`: for each (seed, epoch) a permutation of [0, count), count in [1, 2^32).
 * Throws for a count below 1 or a position that is not below count.
 */
export function order(position: number, count: number, seed: number, epoch: number): number {
  checkInteger("order", "count", count, { min: 1, max: U32 });
  checkInteger("order", "position", position, { min: 0, below: count });
  return count <= SORTED ? rank(position, count, seed, epoch) : orderAt(position, count, orderKey(seed, epoch));
}

/** A whole epoch of {@link order}: the permutation as u32 [count]. */
export function permutation(count: number, seed: number, epoch: number): Uint32Array<ArrayBuffer> {
  checkInteger("permutation", "count", count, { min: 1, max: U32 });
  const key = orderKey(seed, epoch);
  const result = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    result[i] = count <= SORTED ? rank(i, count, seed, epoch) : orderAt(i, count, key);
  }
  return result;
}

/**
 * The example at `position` (u32) of an endless sequence of draws with replacement from [0, count): multiply-high of a 32-bit
 * hash. Each example's probability is floor or ceil(2^32 / count) in 2^32: off by less than count / 2^32 of itself, 1.4e-5 at
 * 60,000. Throws for a count below 1.
 */
export function draw(position: number, count: number, seed: number): number {
  checkInteger("draw", "count", count, { min: 1, max: U32 });
  checkInteger("draw", "position", position, { min: 0, max: U32 });
  return multiplyHigh(hash(seed, streams.draw, 0, position), count);
}
