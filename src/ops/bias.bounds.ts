// Bounds of bias_add and column_sums.
import type { Tensor } from "../core/tensor.ts";
import { Bounds, defineBound, FLUSH, gamma } from "../kernel/bound.ts";

defineBound("bias_add", ({ x, b, y }, { rows = 0, cols = 0 }, rounding) => {
  const by = new Bounds(rounding);
  const [X, B] = [x as Tensor, b as Tensor];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      y?.allow(by.add({ v: X.at(i, j), e: X.error(i, j) }, { v: B.at(j), e: B.error(j) }).e, i, j);
    }
  }
});

defineBound("column_sums", ({ x, y }, { rows = 0, cols = 0 }, { u }) => {
  for (let j = 0; j < cols; j++) {
    let [magnitude, carried] = [0, 0];
    for (let i = 0; i < rows; i++) {
      magnitude += Math.abs((x as Tensor).at(i, j)) + (x as Tensor).error(i, j);
      carried += (x as Tensor).error(i, j);
    }
    y?.allow(carried + gamma(rows, u) * magnitude + rows * FLUSH, j);
  }
});
