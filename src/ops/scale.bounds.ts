// Bounds of scale and spread.
import type { Tensor } from "../core/tensor.ts";
import { Bounds, defineBound, exact } from "../kernel/bound.ts";

defineBound("scale", ({ x, y }, { rows = 0, cols = 0, factor = 1 }, rounding) => {
  const by = new Bounds(rounding);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const from = { v: (x as Tensor).at(i, j), e: (x as Tensor).error(i, j) };
      y?.allow(by.multiply(exact(factor), from).e, i, j);
    }
  }
});

defineBound("spread", ({ s, y }, { rows = 0, cols = 0, factor = 1 }, rounding) => {
  const by = new Bounds(rounding);
  const e = by.multiply(exact(factor), { v: (s as Tensor).at(), e: (s as Tensor).error() }).e;
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) y?.allow(e, i, j);
});
