// Bound of squared_error.
import type { Tensor } from "../core/tensor.ts";
import { Bounds, defineBound, exact, gamma } from "../kernel/bound.ts";

defineBound("squared_error", ({ z, targets, metrics, dz }, { rows = 0, cols = 0, factor = 1, share = 1 }, rounding) => {
  const by = new Bounds(rounding);
  for (let i = 0; i < rows; i++) {
    let [magnitude, carried] = [0, 0];
    for (let j = 0; j < cols; j++) {
      const from = { v: (z as Tensor).at(i, j), e: (z as Tensor).error(i, j) };
      const to = { v: (targets as Tensor).at(i, j), e: (targets as Tensor).error(i, j) };
      const difference = by.subtract(from, to);
      const square = by.multiply(difference, difference);
      magnitude += square.v + square.e;
      carried += square.e;
      dz?.allow(by.multiply(exact(factor), difference).e, i, j);
    }
    const sum = { v: magnitude, e: carried + gamma(Math.ceil(cols / 4) + 2, rounding.u) * magnitude };
    metrics?.allow(by.multiply(exact(share), sum).e, 0, i);
  }
});
