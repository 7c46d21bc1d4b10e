// Softmax cross-entropy of integer labels: mean over the batch of log(sum exp z) - z[label].
import wgsl from "../../shaders/ops/cross_entropy.wgsl?raw";
import type { Tensor } from "../core/tensor.ts";
import { ULP } from "../kernel/bound.ts";
import { type Context, defineKernel, read, readWords, type Rounding, type Sizes, type Tensors, write } from "../kernel/kernel.ts";
import { defineLoss } from "./loss.ts";
import { softmaxRow } from "./softmax_row.ts";

function reference({ z, labels, metrics, dz }: Tensors, { rows = 0, cols = 0, factor = 1 }: Sizes, { valid }: Context): void {
  for (let i = 0; i < rows; i++) {
    const { largest, best, sum, p } = softmaxRow(z as Tensor, i, cols);
    const label = (labels as Tensor).at(i);
    const counts = i < valid;
    metrics?.set(counts ? Math.log(sum) + largest - (z as Tensor).at(i, label) : 0, 0, i);
    metrics?.set(counts && best === label ? 1 : 0, 1, i);
    for (let j = 0; j < cols; j++) dz?.set(counts ? factor * ((p[j] as number) - (j === label ? 1 : 0)) : 0, i, j);
  }
}

/** exp and the sum's relative errors as in softmax; log is 2^-21 absolute on [0.5, 2], 3 ULP elsewhere. */
function bound({ z, labels, metrics, dz }: Tensors, { rows = 0, cols = 0, factor = 1 }: Sizes, { u }: Rounding): void {
  for (let i = 0; i < rows; i++) {
    const { largest, best, second, sum, p, errors, sumError } = softmaxRow(z as Tensor, i, cols, u);
    const label = (labels as Tensor).at(i);
    const [wanted, ez] = [(z as Tensor).at(i, label), (z as Tensor).error(i, label)];
    const worst = Math.max(...Array.from({ length: cols }, (_, j) => (z as Tensor).error(i, j)));
    const log = Math.log(sum);
    const ofLog = sum <= 2 ? Math.max(2 ** -21, 3 * ULP * log) : 3 * ULP * (log + sumError);
    const rounded = u * (Math.abs(log + largest) + Math.abs(log + largest - wanted) + worst + ez);
    metrics?.allow(1.01 * (sumError + ofLog + rounded) + worst + ez, 0, i);
    // Two logits closer than their errors may swap places.
    const swaps = second !== undefined && (z as Tensor).at(i, best) - (z as Tensor).at(i, second) <= 2 * worst && worst > 0;
    metrics?.allow(swaps ? 1 : 0, 1, i);
    for (let j = 0; j < cols; j++) {
      const hot = (p[j] as number) - (j === label ? 1 : 0);
      dz?.allow(1.01 * Math.abs(factor) * ((errors[j] as number) + 2 * u * Math.abs(hot)) + 2 ** -126, i, j);
    }
  }
}

defineKernel({
  name: "cross_entropy",
  wgsl,
  params: ["rows", "cols", "factor"],
  hooks: ["label_of"],
  bindings: ({ rows = 0, cols = 0 }) => ({
    z: read(rows, cols),
    labels: readWords(rows),
    metrics: write(2, rows),
    dz: write(rows, cols),
  }),
  threads: ({ rows = 0 }) => [rows],
  reference,
  bound,
});

/** Mean softmax cross-entropy of logits z [batch, classes] and integer labels [batch]: one number. */
export const softmaxCrossEntropy = defineLoss({
  name: "crossEntropy",
  kernel: "cross_entropy",
  against: "labels",
  sizes: (rows, cols) => ({ rows, cols, factor: Math.fround(1 / rows) }),
});
