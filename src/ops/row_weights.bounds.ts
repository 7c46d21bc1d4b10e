// Bound of row_weights.
import type { Tensor } from "../core/tensor.ts";
import { Bounds, defineBound, exact, FLUSH, gamma } from "../kernel/bound.ts";
import { weightOf } from "./row_weights.ts";

defineBound("row_weights", (tensors, { rows = 0, mean: given = -1 }, rounding, { valid }) => {
  const by = new Bounds(rounding);
  const samples = tensors.samples as Tensor;
  const count = Math.min(rows, valid);
  let [total, carried] = [0, 0];
  for (let i = 0; i < count; i++) {
    total += weightOf(tensors, i);
    carried += samples.error(i) * (weightOf(tensors, i) / (samples.at(i) || 1));
  }
  // One rounding for the product, then eights as a tree, the eights in order; weights are not below 0.
  const depth = Math.ceil(count / 8) + 4;
  const sum = { v: total, e: carried + gamma(depth, rounding.u) * total + count * FLUSH };
  const mean = given < 0 ? by.divide(sum, exact(rows)) : exact(given);
  for (let i = 0; i < rows; i++) {
    const from = { v: samples.at(i), e: samples.error(i) };
    tensors.y?.allow(mean.v > 0 ? by.divide(from, mean).e : 0, i);
  }
});
