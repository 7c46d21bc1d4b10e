// Bound of softmax.
import type { Tensor } from "../core/tensor.ts";
import { defineBound } from "../kernel/bound.ts";
import { softmaxErrors } from "./softmax_row.bounds.ts";

defineBound("softmax", ({ z, y }, { rows = 0, cols = 0 }, { u }) => {
  for (let i = 0; i < rows; i++) {
    const { errors } = softmaxErrors(z as Tensor, i, cols, u);
    for (let j = 0; j < cols; j++) y?.allow(errors[j] as number, i, j);
  }
});
