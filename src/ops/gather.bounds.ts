// Bounds of gather and take.
import type { Tensor } from "../core/tensor.ts";
import { Bounds, defineBound } from "../kernel/bound.ts";

defineBound("gather", ({ data, rows, scale, shift, x }, { count = 0, cols = 0 }, rounding) => {
  const by = new Bounds(rounding);
  const of = (tensor: Tensor | undefined, i: number, j = 0) => ({
    v: tensor?.at(i, j) ?? 0,
    e: tensor?.error(i, j) ?? 0,
  });
  for (let i = 0; i < count; i++) {
    const row = (rows as Tensor).at(i);
    for (let j = 0; j < cols; j++) x?.allow(by.add(by.multiply(of(data, row, j), of(scale, j)), of(shift, j)).e, i, j);
  }
});

defineBound("take", () => {});
