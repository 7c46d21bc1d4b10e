// Softmax over the columns of each row; and one row of it in f64 with its error bound, which cross-entropy shares.
import wgsl from "../../shaders/ops/softmax.wgsl?raw";
import { fail } from "../core/check.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Node, node } from "../graph/node.ts";
import { gamma, ULP } from "../kernel/bound.ts";
import { defineKernel, read, write } from "../kernel/kernel.ts";
import { defineOp, matrix } from "./op.ts";

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

defineKernel({
  name: "softmax",
  wgsl,
  params: ["rows", "cols"],
  bindings: ({ rows = 0, cols = 0 }) => ({ z: read(rows, cols), y: write(rows, cols) }),
  threads: ({ rows = 0 }) => [rows],
  reference({ z, y }, { rows = 0, cols = 0 }) {
    for (let i = 0; i < rows; i++) {
      const { p } = softmaxRow(z as Tensor, i, cols);
      for (let j = 0; j < cols; j++) y?.set(p[j] as number, i, j);
    }
  },
  bound({ z, y }, { rows = 0, cols = 0 }, { u }) {
    for (let i = 0; i < rows; i++) {
      const { errors } = softmaxRow(z as Tensor, i, cols, u);
      for (let j = 0; j < cols; j++) y?.allow(errors[j] as number, i, j);
    }
  },
});

/** Probabilities of logits z [batch, classes]: exp(z) over its row's sum. Not differentiated: losses take logits. */
export function softmax(z: Node): Node {
  if (z.shape.length !== 2) fail("softmax", `${z.name} ${showShape(z.shape)} is no matrix`);
  return node("softmax", z.shape, { inputs: [z] });
}

defineOp({
  name: "softmax",
  calls: (at) => [{ kernel: "softmax", sizes: matrix(at.shape), tensors: { z: { input: 0 }, y: { output: 0 } } }],
});
