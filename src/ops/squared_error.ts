// Mean squared error: the mean over batch and columns of (z - target)^2.
import wgsl from "../../shaders/ops/squared_error.wgsl?raw";
import type { Tensor } from "../core/tensor.ts";
import { defineKernel, read, write } from "../kernel/kernel.ts";
import { defineLoss } from "./loss.ts";

defineKernel({
  name: "squared_error",
  wgsl,
  params: ["rows", "cols", "factor", "share"],
  hooks: ["target_of"],
  bindings: ({ rows = 0, cols = 0 }) => ({
    z: read(rows, cols),
    targets: read(rows, cols),
    metrics: write(2, rows),
    dz: write(rows, cols),
  }),
  threads: ({ rows = 0 }) => [rows],
  reference({ z, targets, metrics, dz }, { rows = 0, cols = 0, factor = 1, share = 1 }, { valid }) {
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let j = 0; j < cols; j++) {
        const difference = (z as Tensor).at(i, j) - (targets as Tensor).at(i, j);
        sum += difference ** 2;
        dz?.set(i < valid ? factor * difference : 0, i, j);
      }
      metrics?.set(i < valid ? share * sum : 0, 0, i);
      metrics?.set(0, 1, i);
    }
  },
});

/** Mean squared error of z and targets, both [batch, columns]: one number. */
export const meanSquaredError = defineLoss({
  name: "squaredError",
  kernel: "squared_error",
  against: "targets",
  sizes: (rows, cols) => ({ rows, cols, factor: Math.fround(2 / (rows * cols)), share: Math.fround(1 / cols) }),
});
