// Cross-entropy of integer labels that are smoothed, of classes and rows that have weights.
import wgsl from "../../shaders/ops/soft_cross_entropy.wgsl?raw";
import type { Tensor } from "../core/tensor.ts";
import type { Node } from "../graph/node.ts";
import { type Context, defineKernel, read, readWords, type Sizes, type Tensors, write } from "../kernel/kernel.ts";
import { defineLoss } from "./loss.ts";
import { softmaxRow } from "./softmax_row.ts";
import "./row_weights.ts";

function reference(
  tensors: Tensors,
  { rows = 0, cols = 0, factor = 1, hard = 1, soft = 0 }: Sizes,
  { valid }: Context,
): void {
  const { z, labels, classes, weights, metrics, dz } = tensors as Readonly<Record<string, Tensor>>;
  for (let i = 0; i < rows; i++) {
    const { largest, best, sum, p } = softmaxRow(z as Tensor, i, cols);
    const label = labels!.at(i);
    const [counts, weight] = [i < valid, weights!.at(i)];
    const share = p.map((_, j) => (soft + (j === label ? hard : 0)) * classes!.at(j));
    const all = share.reduce((total, q) => total + q, 0);
    const top = Math.log(sum) + largest;
    const loss = share.reduce((total, q, j) => total + (q === 0 ? 0 : q * (top - z!.at(i, j))), 0);
    metrics?.set(counts ? weight * loss : 0, 0, i);
    metrics?.set(counts && best === label ? 1 : 0, 1, i);
    p.forEach((value, j) => void dz?.set(counts ? factor * weight * (value * all - (share[j] as number)) : 0, i, j));
  }
}

defineKernel({
  name: "soft_cross_entropy",
  wgsl,
  params: ["rows", "cols", "factor", "hard", "soft"],
  bindings: ({ rows = 0, cols = 0 }) => ({
    ...{ z: read(rows, cols), labels: readWords(rows), classes: read(cols), weights: read(rows) },
    ...{ metrics: write(2, rows), dz: write(rows, cols) },
  }),
  threads: ({ rows = 0 }) => [rows],
  reference,
});

const ones = (count: number): number[] => new Array<number>(count).fill(1);

/**
 * The mean over the batch of weighted, smoothed cross-entropy: logits z [batch, classes], integer labels [batch], weights of rows [batch].
 * Attributes: `smoothing`, and `classes`, the classes' weights (1 where it is left out).
 */
export const softCrossEntropy = defineLoss({
  name: "softCrossEntropy",
  kernel: "soft_cross_entropy",
  against: "labels",
  sizes: (rows, cols, { attributes }) => {
    const smoothing = (attributes.smoothing as number | undefined) ?? 0;
    const [hard, soft] = [Math.fround(1 - smoothing), Math.fround(smoothing / cols)];
    return { rows, cols, factor: Math.fround(1 / rows), hard, soft };
  },
  tensors: ({ inputs, attributes }) => {
    const cols = (inputs[0] as Node).shape[1] as number;
    const words = (attributes.classes as readonly number[] | undefined) ?? ones(cols);
    return { classes: { words, dtype: "f32" }, weights: { input: 2 } };
  },
});
