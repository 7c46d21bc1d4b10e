// Kernels around the steps of a submit rather than in the graph: the batches' rows before them, the metrics' sums after them.
import rowsWgsl from "../../shaders/ops/batch_rows.wgsl?raw";
import sumsWgsl from "../../shaders/ops/batch_sums.wgsl?raw";
import { draw, order } from "../core/order.ts";
import type { Tensor } from "../core/tensor.ts";
import { defineKernel, read, readWords, write, writeWords } from "../kernel/kernel.ts";

/** How batches are drawn: a keyed permutation an epoch, draws with replacement, or the rows as they lie. */
export const ORDERS = { permutation: 0, replacement: 1, sequential: 2 } as const;
export type Order = keyof typeof ORDERS;

defineKernel({
  name: "batch_rows",
  wgsl: rowsWgsl,
  params: ["batch", "first", "count"],
  consts: ["ORDER"],
  bindings: ({ batch = 0 }) => ({ seeds: readWords(1), rows: writeWords(batch) }),
  threads: ({ batch = 0 }) => [batch],
  reference({ seeds, rows }, { batch = 1, first = 0, count = 1 }, { t: start, slice, variant }) {
    const kind = variant.consts?.ORDER ?? 0;
    const seed = (seeds as Tensor).at();
    const t = start + slice;
    const perEpoch = Math.floor(count / batch);
    for (let i = 0; i < batch; i++) {
      const position = t * batch + i;
      const inEpoch = (t % perEpoch) * batch + i;
      let row = Math.min(position, count - 1);
      if (kind === 0) row = order(inEpoch, count, seed, Math.floor(t / perEpoch));
      if (kind === 1) row = draw(position, count, seed);
      rows?.set(first + row, i);
    }
  },
});

defineKernel({
  name: "batch_sums",
  wgsl: sumsWgsl,
  params: ["kinds", "batch"],
  bindings: ({ kinds = 0, batch = 0 }) => ({ x: read(kinds, batch), y: write(kinds) }),
  threads: ({ kinds = 0 }) => [kinds],
  reference({ x, y }, { kinds = 0, batch = 0 }) {
    for (let kind = 0; kind < kinds; kind++) {
      let total = 0;
      for (let i = 0; i < batch; i++) total += (x as Tensor).at(kind, i);
      y?.set(total, kind);
    }
  },
});
