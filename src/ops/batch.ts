// Kernels around the steps of a submit rather than in the graph: the batches' rows before them, the metrics' sums after them.
import rowsWgsl from "../../shaders/ops/batch_rows.wgsl?raw";
import sumsWgsl from "../../shaders/ops/batch_sums.wgsl?raw";
import { besideIt, defineKernel, read, readWords, write, writeWords } from "../kernel/kernel.ts";

/** How batches are drawn: a keyed permutation an epoch, draws with replacement, or the rows as they lie. */
export const ORDERS = { permutation: 0, replacement: 1, sequential: 2 } as const;
export type Order = keyof typeof ORDERS;

defineKernel({
  name: "batch_rows",
  wgsl: rowsWgsl,
  params: ["batch", "first", "count"],
  consts: ["ORDER"],
  bindings: ({ batch = 0 }) => ({ seeds: readWords(1), rows: writeWords(batch) }),
  threads: ({ batch = 0 }, { ROWS }) => [Math.ceil(batch / (ROWS ?? 4))],
  reference: besideIt("batch_rows"),
});

defineKernel({
  name: "batch_sums",
  wgsl: sumsWgsl,
  params: ["kinds", "batch"],
  bindings: ({ kinds = 0, batch = 0 }) => ({ x: read(kinds, batch), y: write(kinds) }),
  threads: ({ kinds = 0 }) => [kinds],
  reference: besideIt("batch_sums"),
});
