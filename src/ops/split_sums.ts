// The second pass of a split matmul: the parts of every result, added in order.
import wgsl from "../../shaders/ops/split_sums.wgsl?raw";
import type { Tensor } from "../core/tensor.ts";
import { defineKernel, read, write } from "../kernel/kernel.ts";

export const splitSums = defineKernel({
  name: "split_sums",
  wgsl,
  params: ["parts", "m", "n"],
  consts: ["WORKGROUP"],
  hooks: ["epilogue"],
  bindings: ({ parts = 0, m = 0, n = 0 }) => ({ x: read(parts * m, n), y: write(m, n) }),
  threads: ({ m = 0, n = 0 }) => [m * Math.ceil(n / 4)],
  reference({ x, y }, { parts = 0, m = 0, n = 0 }) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let part = 0; part < parts; part++) sum += (x as Tensor).at(part * m + i, j);
        (y as Tensor).set(sum, i, j);
      }
    }
  },
});
