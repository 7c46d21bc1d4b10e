// A row added to every row, and column sums in order of the rows, in f64.
import type { Tensor } from "../core/tensor.ts";
import { defineReference } from "../kernel/kernel.ts";

defineReference("bias_add", ({ x, b, y }, { rows = 0, cols = 0 }) => {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) y?.set((x as Tensor).at(i, j) + (b as Tensor).at(j), i, j);
});

defineReference("column_sums", ({ x, y }, { rows = 0, cols = 0 }) => {
  for (let j = 0; j < cols; j++) {
    let total = 0;
    for (let i = 0; i < rows; i++) total += (x as Tensor).at(i, j);
    y?.set(total, j);
  }
});
