// Softmax over the columns of each row.
import wgsl from "../../shaders/ops/softmax.wgsl?raw";
import { fail } from "../core/check.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Node, node } from "../graph/node.ts";
import { defineKernel, read, write } from "../kernel/kernel.ts";
import { defineOp, matrix } from "./op.ts";
import { softmaxRow } from "./softmax_row.ts";

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
