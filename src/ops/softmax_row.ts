// One row of a softmax in f64: the reference softmax and cross-entropy share.
import type { Tensor } from "../core/tensor.ts";

export interface SoftmaxRow {
  readonly largest: number;
  /** Its class; the first of equals. */
  readonly best: number;
  readonly sum: number;
  readonly p: readonly number[];
}

/** p_j = exp(z_j - m) / sum, m the largest. */
export function softmaxRow(z: Tensor, i: number, cols: number): SoftmaxRow {
  const values = Array.from({ length: cols }, (_, j) => z.at(i, j));
  const largest = values.reduce((a, b) => (b > a ? b : a));
  const e = values.map((value) => Math.exp(value - largest));
  const sum = e.reduce((total, value) => total + value, 0);
  return { largest, best: values.indexOf(largest), sum, p: e.map((value) => value / sum) };
}
