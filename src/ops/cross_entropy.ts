// Softmax cross-entropy of integer labels: mean over the batch of log(sum exp z) - z[label].
import wgsl from "../../shaders/ops/cross_entropy.wgsl?raw";
import type { Tensor } from "../core/tensor.ts";
import { type Context, defineKernel, read, readWords, type Sizes, type Tensors, write } from "../kernel/kernel.ts";
import { defineLoss } from "./loss.ts";
import { softmaxRow } from "./softmax_row.ts";

function reference(
  { z, labels, metrics, dz }: Tensors,
  { rows = 0, cols = 0, factor = 1 }: Sizes,
  { valid }: Context,
): void {
  for (let i = 0; i < rows; i++) {
    const { largest, best, sum, p } = softmaxRow(z as Tensor, i, cols);
    const label = (labels as Tensor).at(i);
    const counts = i < valid;
    metrics?.set(counts ? Math.log(sum) + largest - (z as Tensor).at(i, label) : 0, 0, i);
    metrics?.set(counts && best === label ? 1 : 0, 1, i);
    for (let j = 0; j < cols; j++) dz?.set(counts ? factor * ((p[j] as number) - (j === label ? 1 : 0)) : 0, i, j);
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
});

/** Mean softmax cross-entropy of logits z [batch, classes] and integer labels [batch]: one number. */
export const softmaxCrossEntropy = defineLoss({
  name: "crossEntropy",
  kernel: "cross_entropy",
  against: "labels",
  sizes: (rows, cols) => ({ rows, cols, factor: Math.fround(1 / rows) }),
});
