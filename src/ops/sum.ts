// Sums, means and squared norms of a whole tensor or of segments: blocks of 64 as trees, then each segment's blocks.
import blockWgsl from "../../shaders/ops/block_sums.wgsl?raw";
import segmentWgsl from "../../shaders/ops/segment_sums.wgsl?raw";
import { ALIGNMENT, elements } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Node, node } from "../graph/node.ts";
import { defineKernel, read, readWords, type Variant, write } from "../kernel/kernel.ts";
import { defineMean } from "./loss.ts";
import { multiply } from "./multiply.ts";
import { type Call, defineOp, matrix, type Slot } from "./op.ts";
import { scale, spread } from "./scale.ts";

/** Tensors of an arena begin with a block. */
export const BLOCK = ALIGNMENT;

/** The variant of block_sums that sums squares. */
export const SQUARES: Variant = {
  label: "squares",
  hooks: { term: "fn term(value: f32) -> f32 {\n  return value * value;\n}" },
};

export const blockSums = defineKernel({
  name: "block_sums",
  wgsl: blockWgsl,
  params: ["rows", "cols"],
  hooks: ["term"],
  bindings: ({ rows = 0, cols = 0 }) => ({ x: read(rows, cols), y: write(Math.ceil((rows * cols) / BLOCK)) }),
  threads: ({ rows = 0, cols = 0 }) => [Math.ceil((rows * cols) / BLOCK)],
  reference({ x, y }, { rows = 0, cols = 1 }, { variant }) {
    const square = variant.label === "squares";
    for (let first = 0; first < rows * cols; first += BLOCK) {
      let total = 0;
      for (let i = first; i < Math.min(first + BLOCK, rows * cols); i++) {
        const value = (x as Tensor).at(Math.floor(i / cols), i % cols);
        total += square ? value * value : value;
      }
      y?.set(total, first / BLOCK);
    }
  },
});

/** The blocks of segment s. */
export const range = (first: Tensor, s: number, blocks: number): [number, number] => [
  first.at(s),
  Math.min(first.at(s + 1), blocks),
];

defineKernel({
  name: "segment_sums",
  wgsl: segmentWgsl,
  params: ["blocks", "segments", "factor"],
  bindings: ({ blocks = 0, segments = 0 }) => ({ x: read(blocks), first: readWords(segments + 1), y: write(segments) }),
  threads: ({ segments = 0 }) => [segments],
  reference({ x, first, y }, { blocks = 0, segments = 0, factor = 1 }) {
    for (let s = 0; s < segments; s++) {
      const [from, to] = range(first as Tensor, s, blocks);
      let total = 0;
      for (let i = from; i < to; i++) total += (x as Tensor).at(i);
      y?.set(factor * total, s);
    }
  },
});

/** The two dispatches of a sum of `source`: its rows x cols numbers, to `target`. */
export function sumCalls(
  source: Slot,
  target: Slot,
  options: { rows: number; cols: number; factor: number; square?: boolean },
): Call[] {
  const { rows, cols, factor, square } = options;
  const blocks = Math.ceil((rows * cols) / BLOCK);
  const scratch = { scratch: 0, shape: [blocks] };
  return [
    {
      kernel: "block_sums",
      sizes: { rows, cols },
      ...(square ? { variant: SQUARES } : {}),
      tensors: { x: source, y: scratch },
    },
    {
      kernel: "segment_sums",
      sizes: { blocks, segments: 1, factor: Math.fround(factor) },
      tensors: { x: scratch, first: { words: [0, blocks] }, y: target },
    },
  ];
}

/** factor times the sum of all elements of x: one number. The factor is rounded to f32, so that its gradient is its own. */
export const sum = (x: Node, factor = 1): Node =>
  node("sum", [], { inputs: [x], attributes: { factor: Math.fround(factor), square: false } });

/** The mean of all elements of x. */
export const mean = (x: Node): Node => sum(x, 1 / elements(x.shape));

/** The sum of the squares of all elements of x. */
export const squaredNorm = (x: Node): Node => node("sum", [], { inputs: [x], attributes: { factor: 1, square: true } });

defineOp({
  name: "sum",
  calls: (at) => {
    const [x] = at.inputs as [Node];
    const { factor, square } = at.attributes as { factor: number; square: boolean };
    return sumCalls({ input: 0 }, { output: 0 }, { ...matrix(x.shape), factor, square });
  },
  derivative: (at, dy) => {
    const [x] = at.inputs as [Node];
    const { factor, square } = at.attributes as { factor: number; square: boolean };
    return [square ? multiply(scale(x, 2), spread(dy, x.shape, factor)) : spread(dy, x.shape, factor)];
  },
});

defineMean({
  calls: (rows) => sumCalls({ output: 1 }, { output: 0 }, { rows: 1, cols: rows, factor: 1 / rows }),
  slope: (dz, dy) =>
    dy.op === "constant" ? scale(dz, dy.attributes.value as number) : multiply(dz, spread(dy, dz.shape)),
});
