// Numbers for tests: functions of a seed, away from 0, where some functions have a kink.
import { normal, uniform } from "../../../src/core/random.ts";
import { elements, type Shape } from "../../../src/core/shape.ts";

/** Numbers of magnitude 0.05 to 1.45 and either sign, the same for the same seed and stream. */
export const awayFromZero = (shape: Shape, seed: number, stream = 0): number[] =>
  Array.from({ length: elements(shape) }, (_, i) => {
    const u = uniform(seed, stream, 0, i) * 2 - 1;
    return Math.sign(u || 1) * (0.05 + 1.4 * Math.abs(u));
  });

/** Standard normal numbers. */
export const normals = (shape: Shape, seed: number, stream = 0): number[] =>
  Array.from({ length: elements(shape) }, (_, i) => normal(seed, stream, 0, i));

export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, value, i) => total + value * (b[i] as number), 0);

/** The largest |got - want| - allowed(i) over all elements, with where it is: a failure's message is readable. */
export function worst(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  allowed: (want: number, i: number) => number,
): { over: number; at: number; got: number; want: number } {
  if (got.length !== want.length) throw new Error(`${got.length} numbers, expected ${want.length}`);
  let result = { over: Number.NEGATIVE_INFINITY, at: -1, got: 0, want: 0 };
  for (let i = 0; i < want.length; i++) {
    const [g, w] = [got[i] as number, want[i] as number];
    const over = Number.isNaN(g) ? Number.POSITIVE_INFINITY : Math.abs(g - w) - allowed(w, i);
    if (over > result.over) result = { over, at: i, got: g, want: w };
  }
  return result;
}
