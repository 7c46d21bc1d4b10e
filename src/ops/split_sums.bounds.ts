// Bound of split_sums.
import type { Tensor } from "../core/tensor.ts";
import { defineBound, FLUSH, gamma } from "../kernel/bound.ts";

/** Additions one after the other: gamma of their number times the sum of magnitudes, plus what came with the parts. */
defineBound("split_sums", ({ x, y }, { parts = 0, m = 0, n = 0 }, { u }) => {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let magnitude = 0;
      let carried = 0;
      for (let part = 0; part < parts; part++) {
        const e = (x as Tensor).error(part * m + i, j);
        magnitude += Math.abs((x as Tensor).at(part * m + i, j)) + e;
        carried += e;
      }
      (y as Tensor).allow(carried + gamma(parts - 1, u) * magnitude + parts * FLUSH, i, j);
    }
  }
});
