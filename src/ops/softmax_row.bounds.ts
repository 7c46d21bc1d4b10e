// The errors of one row of a softmax, which the bounds of softmax and cross-entropy share.
import type { Tensor } from "../core/tensor.ts";
import { gamma, ULP } from "../kernel/bound.ts";
import { type SoftmaxRow, softmaxRow } from "./softmax_row.ts";

export interface SoftmaxErrors extends SoftmaxRow {
  /** The class with the second largest logit. */
  readonly second: number | undefined;
  /** Absolute error of each p, and the relative error of the sum. */
  readonly errors: readonly number[];
  readonly sumError: number;
}

/**
 * With h_j the relative error of exp(z_j - m): the subtraction's rounding and what came with z (absolute in the exponent), and
 * exp's own (3 + 2 |t|) ULP; the sum adds gamma of its length and its terms' errors, the division 2.5 ULP.
 */
export function softmaxErrors(z: Tensor, i: number, cols: number, u: number): SoftmaxErrors {
  const row = softmaxRow(z, i, cols);
  const values = row.p.map((_, j) => z.at(i, j));
  const ranked = values.map((_, j) => j).sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
  const worst = Math.max(...values.map((_, j) => z.error(i, j)));
  const h = values.map((value, j) => {
    const t = row.largest - value;
    const shift = worst + z.error(i, j) + u * (t + 2 * worst);
    return Math.expm1(shift) + (3 + 2 * (t + shift)) * ULP * Math.exp(shift);
  });
  const sumError = row.p.reduce((total, p, j) => total + p * (h[j] as number), 0) + gamma(cols + 1, u);
  const errors = row.p.map((p, j) => 1.01 * p * ((h[j] as number) + sumError + 2.5 * ULP) + 4 * 2 ** -126);
  return { ...row, second: ranked[1], errors, sumError };
}
