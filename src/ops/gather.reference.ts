// Rows and labels of the data set on the CPU.
import type { Tensor } from "../core/tensor.ts";
import { defineReference } from "../kernel/kernel.ts";

defineReference("gather", ({ data, rows, scale, shift, x }, { count = 0, cols = 0 }) => {
  for (let i = 0; i < count; i++) {
    const row = (rows as Tensor).at(i);
    for (let j = 0; j < cols; j++)
      x?.set((data as Tensor).at(row, j) * (scale as Tensor).at(j) + (shift as Tensor).at(j), i, j);
  }
});

defineReference("take", ({ words, rows, y }, { count = 0 }) => {
  for (let i = 0; i < count; i++) y?.set((words as Tensor).at((rows as Tensor).at(i)), i);
});
