// Bounds of batch_rows (exact) and batch_sums.
import type { Tensor } from "../core/tensor.ts";
import { defineBound, FLUSH, gamma } from "../kernel/bound.ts";

defineBound("batch_rows", () => {});

defineBound("batch_sums", ({ x, y }, { kinds = 0, batch = 0 }, { u }) => {
  for (let kind = 0; kind < kinds; kind++) {
    let [magnitude, carried] = [0, 0];
    for (let i = 0; i < batch; i++) {
      magnitude += Math.abs((x as Tensor).at(kind, i)) + (x as Tensor).error(kind, i);
      carried += (x as Tensor).error(kind, i);
    }
    y?.allow(carried + gamma(Math.ceil(batch / 8) + 3, u) * magnitude + batch * FLUSH, kind);
  }
});
