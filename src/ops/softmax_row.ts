// One row of a softmax in f64 with its error bound: the reference softmax and cross-entropy share.
import type { Tensor } from "../core/tensor.ts";
import { gamma, ULP } from "../kernel/bound.ts";

export interface SoftmaxRow {
  readonly largest: number;
  readonly best: number;
  readonly second: number | undefined;
  readonly sum: number;
  readonly p: readonly number[];
  /** Absolute error of each p, and the relative error of the sum. */
  readonly errors: readonly number[];
  readonly sumError: number;
}

/**
 * p_j = exp(z_j - m) / sum. With h_j the relative error of exp(z_j - m): the subtraction's rounding and what came with z (absolute in
 * the exponent), and exp's own (3 + 2 |t|) ULP; the sum adds gamma of its length and its terms' errors, the division 2.5 ULP.
 */
export function softmaxRow(z: Tensor, i: number, cols: number, u = 0): SoftmaxRow {
  const values = Array.from({ length: cols }, (_, j) => z.at(i, j));
  const ranked = values.map((_, j) => j).sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
  const best = ranked[0] as number;
  const largest = values[best] as number;
  const worst = Math.max(...values.map((_, j) => z.error(i, j)));
  const e = values.map((value) => Math.exp(value - largest));
  const sum = e.reduce((total, value) => total + value, 0);
  const h = values.map((value, j) => {
    const t = largest - value;
    const shift = worst + z.error(i, j) + u * (t + 2 * worst);
    return Math.expm1(shift) + (3 + 2 * (t + shift)) * ULP * Math.exp(shift);
  });
  const sumError = e.reduce((total, value, j) => total + value * (h[j] as number), 0) / sum + gamma(cols + 1, u);
  const p = e.map((value) => value / sum);
  const errors = p.map((value, j) => 1.01 * value * ((h[j] as number) + sumError + 2.5 * ULP) + 4 * 2 ** -126);
  return { largest, best, second: ranked[1], sum, p, errors, sumError };
}
