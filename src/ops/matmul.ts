// y = a b, with a or b transposed in memory: three layouts (NN, NT, TN), eight tiles (in matmul_wide.ts and matmul_shared.ts what is loaded on demand), one reference.
import start from "../../shaders/ops/matmul_start.wgsl?raw";
import { fail } from "../core/check.ts";
import { type Shape, showShape } from "../core/shape.ts";
import { type Node, node } from "../graph/node.ts";
import { besideIt, defineKernel, read, write } from "../kernel/kernel.ts";
import { add } from "./add.ts";
import { defineOp } from "./op.ts";

type Layout = "nn" | "nt" | "tn";

/** Results a thread: rows x columns. */
const TILES = {
  "4x4": [4, 4],
  "16x4": [16, 4],
  "16x8": [16, 8],
  "16x16": [16, 16],
  shared: [4, 4],
  shared_1x4: [1, 4],
  shared_8x8: [8, 8],
  start: [4, 4],
} as const;
export type Tile = keyof typeof TILES;

export const tiles: Readonly<Record<Tile, readonly [number, number]>> = TILES;

/** Enters a tile with its shader. */
export function defineTile(name: Tile, wgsl: string): void {
  const [rows, columns] = TILES[name];
  defineKernel({
    name: `matmul_${name}`,
    wgsl,
    params: ["m", "n", "k"],
    consts: ["A_TRANSPOSED", "B_TRANSPOSED"],
    hooks: [
      "a_row",
      "a_next",
      "a_frame",
      "a_value",
      "a_number",
      "prepare",
      "epilogue",
      "sum_b",
      "sums_at",
      "column_sum",
      "store",
    ],
    bindings: ({ m = 0, n = 0, k = 0 }, { A_TRANSPOSED, B_TRANSPOSED }) => ({
      a: A_TRANSPOSED ? read(k, m) : read(m, k),
      b: B_TRANSPOSED ? read(n, k) : read(k, n),
      y: write(m, n),
    }),
    threads: ({ m = 0, n = 0 }) => [Math.ceil(n / columns), Math.ceil(m / rows)],
    ...(name === "start" ? {} : { start: "matmul_start" }),
    reference: besideIt("matmul"),
  });
}

defineTile("start", start);

function sizesOf(a: Shape, b: Shape, layout: Layout): { m: number; n: number; k: number; inner: number } {
  const [p = 1, q = 1] = a;
  const [r = 1, s = 1] = b;
  if (layout === "nn") return { m: p, k: q, inner: r, n: s };
  if (layout === "nt") return { m: p, k: q, inner: s, n: r };
  return { m: q, k: p, inner: r, n: s };
}

/**
 * a b for matrices: "nn" [m, k] x [k, n], "nt" [m, k] x [n, k], "tn" [k, m] x [k, n], all to [m, n].
 * With `accumulate` [m, n] the product is added to it. Throws where the inner sizes differ.
 */
export function matmul(a: Node, b: Node, options: { layout?: Layout; accumulate?: Node; name?: string } = {}): Node {
  const { layout = "nn", accumulate, name } = options;
  const shown = `${a.name} ${showShape(a.shape)} and ${b.name} ${showShape(b.shape)}`;
  if (a.shape.length !== 2 || b.shape.length !== 2) fail("matmul", `needs two matrices: ${shown}`);
  const { m, n, k, inner } = sizesOf(a.shape, b.shape, layout);
  if (k !== inner) fail("matmul", `inner sizes differ: ${shown} (${k} and ${inner})`);
  const product = node("matmul", [m, n], { inputs: [a, b], attributes: { layout }, ...(name ? { name } : {}) });
  return accumulate ? add(accumulate, product) : product;
}

defineOp({
  name: "matmul",
  calls: (at) => {
    const [a, b] = at.inputs as [Node, Node];
    const layout = at.attributes.layout as Layout;
    const { m, n, k } = sizesOf(a.shape, b.shape, layout);
    const consts = { A_TRANSPOSED: layout === "tn", B_TRANSPOSED: layout === "nt" };
    const tensors = { a: { input: 0 }, b: { input: 1 }, y: { output: 0 } };
    return [{ kernel: "matmul_start", sizes: { m, n, k }, variant: { consts }, tensors }];
  },
  derivative: (at, dy) => {
    const [a, b] = at.inputs as [Node, Node];
    const layout = at.attributes.layout as Layout;
    if (layout === "nn") return [matmul(dy, b, { layout: "nt" }), matmul(a, dy, { layout: "tn" })];
    if (layout === "nt") return [matmul(dy, b), matmul(dy, a, { layout: "tn" })];
    return [matmul(b, dy, { layout: "nt" }), matmul(a, dy)];
  },
});
