// The batches' rows on the CPU, the same integers as the shader's, and the metrics' sums.
import { draw, order } from "../core/order.ts";
import type { Tensor } from "../core/tensor.ts";
import { defineReference } from "../kernel/kernel.ts";

defineReference("batch_rows", ({ seeds, rows }, { batch = 1, first = 0, count = 1 }, { t: start, slice, variant }) => {
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
});

defineReference("batch_sums", ({ x, y }, { kinds = 0, batch = 0 }) => {
  for (let kind = 0; kind < kinds; kind++) {
    let total = 0;
    for (let i = 0; i < batch; i++) total += (x as Tensor).at(kind, i);
    y?.set(total, kind);
  }
});
