// Error bounds through what does not round but branches: signs, maxima, a guarded quotient. At a branch point both
// sides may be taken.
import { type Approx, type Bounds, exact, FLUSH } from "../kernel/bound.ts";

/** The largest f32: what a quotient is allowed whose denominator may vanish. */
export const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** A number as a kernel reads it: one below the normal numbers may be taken for 0. */
export const loaded = (v: number, e: number): Approx => ({ v, e: Math.abs(v) < FLUSH ? Math.max(e, Math.abs(v)) : e });

export const magnitude = (a: Approx): Approx => ({ v: Math.abs(a.v), e: a.e });

/** max: the one that is larger in any case, else it moves by no more than its arguments do. */
export function larger(a: Approx, b: Approx): Approx {
  if (a.v - a.e > b.v + b.e) return a;
  if (b.v - b.e > a.v + a.e) return b;
  return { v: Math.max(a.v, b.v), e: Math.max(a.e, b.e) };
}

export const smaller = (a: Approx, b: Approx): Approx => {
  const { v, e } = larger({ v: -a.v, e: a.e }, { v: -b.v, e: b.e });
  return { v: -v, e };
};

/** min(max(a, -limit), limit): two numbers that are clamped differ by 2 limit at most. */
export function clamped(a: Approx, limit: Approx): Approx {
  const { v, e } = smaller(larger(a, { v: -limit.v, e: limit.e }), limit);
  return { v, e: Math.min(e, 2 * limit.v + limit.e) };
}

/**
 * The sign of a number, -1, 0 or 1; any of them where the number is within its error of 0, or small enough to be
 * flushed to 0.
 */
export function signOf(a: Approx): Approx {
  const v = Math.sign(a.v);
  if (a.e === 0 && a.v === 0) return exact(0);
  if (Math.abs(a.v) > a.e && Math.abs(a.v) >= FLUSH) return exact(v);
  return { v, e: a.e === 0 ? Math.abs(v) : 1 + Math.abs(v) };
}

/** The first of the values that may come about, with an error that reaches all of them. */
export function oneOf(first: Approx, ...others: readonly Approx[]): Approx {
  const reach = others.map(({ v, e }) => Math.abs(v - first.v) + e);
  return { v: first.v, e: Math.max(first.e, ...reach) };
}

/** a / select(b, 1, b == 0), the quotient of rules whose eps may be 0. */
export function ratio(by: Bounds, a: Approx, b: Approx): Approx {
  const quotient = by.divide(a, b.v === 0 ? exact(1) : b);
  if (b.e === 0 || b.e < Math.abs(b.v)) return quotient;
  return { v: quotient.v, e: LARGEST };
}

/** decay old + rest x: the running mean of rules. */
export const blend = (by: Bounds, decay: Approx, old: Approx, rest: Approx, x: Approx): Approx =>
  by.add(by.multiply(decay, old), by.multiply(rest, x));

/** decay old + rest x x, rounded in the order of the shaders: (rest x) x. */
export const blendSquare = (by: Bounds, decay: Approx, old: Approx, rest: Approx, x: Approx): Approx =>
  by.add(by.multiply(decay, old), by.multiply(by.multiply(rest, x), x));

/** sqrt(v scale) + eps. */
export const rooted = (by: Bounds, v: Approx, scale: Approx, eps: Approx): Approx =>
  by.add(by.root(by.multiply(v, scale)), eps);
