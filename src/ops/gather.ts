// The batch out of the resident data set: rows of x (f32 or packed bytes), standardized, and labels.
import gatherWgsl from "../../shaders/ops/gather.wgsl?raw";
import takeWgsl from "../../shaders/ops/take.wgsl?raw";
import { elements } from "../core/shape.ts";
import { type Node, node } from "../graph/node.ts";
import {
  type Access,
  besideIt,
  defineKernel,
  read,
  readWords,
  type Variant,
  write,
  writeWords,
} from "../kernel/kernel.ts";
import { defineOp } from "./op.ts";

const rowsOfOrder = (count: number): Access => ({ ...readWords(count), via: "order" });

/** Four bytes of a word as four numbers. */
export const BYTES = `vec4f((vec4u(WORD) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u))`;

/** The variant of gather that reads bytes packed by fours. */
export const PACKED: Variant = {
  label: "bytes",
  types: { data: "array<u32>" },
  hooks: {
    value: `fn value(address: u32) -> vec4f {\n  let word = data[address];\n  return ${BYTES.replace("WORD", "word")};\n}`,
  },
};

defineKernel({
  name: "gather",
  wgsl: gatherWgsl,
  params: ["count", "cols"],
  hooks: ["value"],
  bindings: ({ count = 0, cols = 0 }) => ({
    data: read(count, cols),
    rows: rowsOfOrder(count),
    scale: read(cols),
    shift: read(cols),
    x: write(count, cols),
  }),
  threads: ({ count = 0, cols = 0 }) => [count * Math.ceil(cols / 4)],
  reference: besideIt("gather"),
});

defineKernel({
  name: "take",
  wgsl: takeWgsl,
  params: ["count"],
  bindings: ({ count = 0 }) => ({ words: readWords(count), rows: rowsOfOrder(count), y: writeWords(count) }),
  threads: ({ count = 0 }) => [count],
  reference: besideIt("take"),
});

/** The data set's tensors as leaves of a graph; `rows` holds the batch's row numbers of a step and an order. */
export interface Source {
  readonly data: Node;
  readonly rows: Node;
  readonly scale: Node;
  readonly shift: Node;
}

/** x [batch, features] = data[rows] * scale + shift. */
export function gather({ data, rows, scale, shift }: Source, name = "x"): Node {
  const batch = elements(rows.shape);
  return node("gather", [batch, data.shape[1] as number], { inputs: [data, rows, scale, shift], name });
}

/** Labels [batch] = words[rows], u32. */
export const take = (words: Node, rows: Node): Node =>
  node("take", rows.shape, { inputs: [words, rows], dtype: "u32", name: "labels" });

defineOp({
  name: "gather",
  calls: (at) => {
    const data = at.inputs[0] as Node;
    const [count = 0, cols = 0] = at.shape;
    const tensors = {
      data: { input: 0 },
      rows: { input: 1 },
      scale: { input: 2 },
      shift: { input: 3 },
      x: { output: 0 },
    };
    return [{ kernel: "gather", sizes: { count, cols }, ...(data.dtype === "u8" ? { variant: PACKED } : {}), tensors }];
  },
});

defineOp({
  name: "take",
  calls: (at) => [
    {
      kernel: "take",
      sizes: { count: elements(at.shape) },
      tensors: { words: { input: 0 }, rows: { input: 1 }, y: { output: 0 } },
    },
  ],
});
