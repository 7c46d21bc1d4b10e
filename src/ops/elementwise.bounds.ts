// Bounds of the frames map and zip: their function's own, element by element.
import type { Tensor } from "../core/tensor.ts";
import { Bounds, defineBound } from "../kernel/bound.ts";
import type { Context, Rounding, Sizes, Tensors } from "../kernel/kernel.ts";
import { played } from "./elementwise.ts";

function bound(tensors: Tensors, { rows = 0, cols = 0 }: Sizes, rounding: Rounding, context: Context): void {
  const { bound: f } = played(context);
  const by = new Bounds(rounding);
  const y = tensors.y as Tensor;
  const a = (tensors.x ?? tensors.a) as Tensor;
  const b = tensors.b ?? a;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const [from, to] = [
        { v: a.at(i, j), e: a.error(i, j) },
        { v: b.at(i, j), e: b.error(i, j) },
      ];
      const result = f(by, from, to, { i, j, cols, context });
      y.allow(result.e, i, j);
    }
  }
}

defineBound("map", bound);
defineBound("zip", bound);
