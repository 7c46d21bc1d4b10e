// Softmax cross-entropy of integer labels in f64, a row at a time.
import type { Tensor } from "../core/tensor.ts";
import { defineReference } from "../kernel/kernel.ts";
import { softmaxRow } from "./softmax_row.ts";

defineReference("cross_entropy", ({ z, labels, metrics, dz }, { rows = 0, cols = 0, factor = 1 }, { valid }) => {
  for (let i = 0; i < rows; i++) {
    const { largest, best, sum, p } = softmaxRow(z as Tensor, i, cols);
    const label = (labels as Tensor).at(i);
    const counts = i < valid;
    metrics?.set(counts ? Math.log(sum) + largest - (z as Tensor).at(i, label) : 0, 0, i);
    metrics?.set(counts && best === label ? 1 : 0, 1, i);
    for (let j = 0; j < cols; j++) dz?.set(counts ? factor * ((p[j] as number) - (j === label ? 1 : 0)) : 0, i, j);
  }
});
