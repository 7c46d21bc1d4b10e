// Softmax cross-entropy of integer labels: mean over the batch of log(sum exp z) - z[label].
import wgsl from "../../shaders/ops/cross_entropy.wgsl?raw";
import { besideIt, defineKernel, read, readWords, write } from "../kernel/kernel.ts";
import { defineLoss } from "./loss.ts";

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
  reference: besideIt("cross_entropy"),
});

/** Mean softmax cross-entropy of logits z [batch, classes] and integer labels [batch]: one number. */
export const softmaxCrossEntropy = defineLoss({
  name: "crossEntropy",
  kernel: "cross_entropy",
  against: "labels",
  sizes: (rows, cols) => ({ rows, cols, factor: Math.fround(1 / rows) }),
});
