// y = x + b (one row added to every row), and its counterpart: column sums, in order of the rows.
import biasWgsl from "../../shaders/ops/bias_add.wgsl?raw";
import columnWgsl from "../../shaders/ops/column_sums.wgsl?raw";
import { fail } from "../core/check.ts";
import { showShape } from "../core/shape.ts";
import { constant, type Node, node } from "../graph/node.ts";
import { besideIt, defineKernel, read, write } from "../kernel/kernel.ts";
import { defineOp, matrix } from "./op.ts";

defineKernel({
  name: "bias_add",
  wgsl: biasWgsl,
  params: ["rows", "cols"],
  bindings: ({ rows = 0, cols = 0 }) => ({ x: read(rows, cols), b: read(cols), y: write(rows, cols) }),
  threads: ({ rows = 0, cols = 0 }) => [rows * Math.ceil(cols / 4)],
  reference: besideIt("bias_add"),
});

defineKernel({
  name: "column_sums",
  wgsl: columnWgsl,
  params: ["rows", "cols"],
  bindings: ({ rows = 0, cols = 0 }) => ({ x: read(rows, cols), y: write(cols) }),
  threads: ({ cols = 0 }) => [Math.ceil(cols / 4)],
  reference: besideIt("column_sums"),
});

/** x [rows, cols] + b [cols] in every row. Throws where the widths differ. */
export function biasAdd(x: Node, b: Node): Node {
  if (x.shape.length !== 2 || b.shape.length !== 1 || x.shape[1] !== b.shape[0]) {
    fail("biasAdd", `${b.name} ${showShape(b.shape)} does not fit the rows of ${x.name} ${showShape(x.shape)}`);
  }
  return node("biasAdd", x.shape, { inputs: [x, b] });
}

/** The sum of every column of x [rows, cols]: [cols]. */
export function columnSums(x: Node): Node {
  if (x.shape.length !== 2) fail("columnSums", `${x.name} ${showShape(x.shape)} is no matrix`);
  return node("columnSums", [x.shape[1] as number], { inputs: [x] });
}

defineOp({
  name: "biasAdd",
  calls: (at) => [
    { kernel: "bias_add", sizes: matrix(at.shape), tensors: { x: { input: 0 }, b: { input: 1 }, y: { output: 0 } } },
  ],
  derivative: (_, dy) => [dy, columnSums(dy)],
});

defineOp({
  name: "columnSums",
  calls: (at) => {
    const [x] = at.inputs as [Node];
    return [{ kernel: "column_sums", sizes: matrix(x.shape), tensors: { x: { input: 0 }, y: { output: 0 } } }];
  },
  derivative: (at, dy) => [biasAdd(constant(0, (at.inputs[0] as Node).shape), dy)],
});
