// y = factor x, and y = factor s spread over a shape: a constant of the graph times a tensor or one number.
import scaleWgsl from "../../shaders/ops/scale.wgsl?raw";
import spreadWgsl from "../../shaders/ops/spread.wgsl?raw";
import { fail } from "../core/check.ts";
import { type Shape, showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { constant, type Node, node } from "../graph/node.ts";
import { defineKernel, read, type Sizes, write } from "../kernel/kernel.ts";
import { defineOp, matrix } from "./op.ts";
import { sum } from "./sum.ts";

const quads = ({ rows = 0, cols = 0 }: Sizes): [number] => [rows * Math.ceil(cols / 4)];

defineKernel({
  name: "scale",
  wgsl: scaleWgsl,
  params: ["rows", "cols", "factor"],
  bindings: ({ rows = 0, cols = 0 }) => ({ x: read(rows, cols), y: write(rows, cols) }),
  threads: quads,
  reference({ x, y }, { rows = 0, cols = 0, factor = 1 }) {
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) y?.set(factor * (x as Tensor).at(i, j), i, j);
  },
});

defineKernel({
  name: "spread",
  wgsl: spreadWgsl,
  params: ["rows", "cols", "factor"],
  bindings: ({ rows = 0, cols = 0 }) => ({ s: read(1), y: write(rows, cols) }),
  threads: quads,
  reference({ s, y }, { rows = 0, cols = 0, factor = 1 }) {
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) y?.set(factor * (s as Tensor).at(), i, j);
  },
});

/** factor x. The factor is rounded to f32; a constant stays a constant. */
export function scale(x: Node, factor: number): Node {
  if (!Number.isFinite(factor)) fail("scale", `factor is ${factor}, expected a finite number`);
  if (factor === 1) return x;
  if (x.op === "constant") return constant((x.attributes.value as number) * factor, x.shape);
  return node("scale", x.shape, { inputs: [x], attributes: { factor: Math.fround(factor) } });
}

/** factor s in every element of a shape; s is one number. */
export function spread(s: Node, shape: Shape, factor = 1): Node {
  if (s.shape.length !== 0) fail("spread", `${s.name} ${showShape(s.shape)} is not one number`);
  if (s.op === "constant") return constant((s.attributes.value as number) * factor, shape);
  return node("spread", shape, { inputs: [s], attributes: { factor: Math.fround(factor) } });
}

const factorOf = (at: Node): number => at.attributes.factor as number;

defineOp({
  name: "scale",
  calls: (at) => [
    {
      kernel: "scale",
      sizes: { ...matrix(at.shape), factor: factorOf(at) },
      tensors: { x: { input: 0 }, y: { output: 0 } },
    },
  ],
  derivative: (at, dy) => [scale(dy, factorOf(at))],
});

defineOp({
  name: "spread",
  calls: (at) => [
    {
      kernel: "spread",
      sizes: { ...matrix(at.shape), factor: factorOf(at) },
      tensors: { s: { input: 0 }, y: { output: 0 } },
    },
  ],
  derivative: (at, dy) => [sum(dy, factorOf(at))],
});
