// block_sums by subgroup shuffles: an option of the tuning table for adapters that have them, with the same bits.
import wgsl from "../../shaders/ops/block_sums_subgroup.wgsl?raw";
import { defineKernel } from "../kernel/kernel.ts";
import { BLOCK, blockSums } from "./sum.ts";

const { params, hooks = [], bindings, reference } = blockSums;

export const blockSumsSubgroup = defineKernel({
  name: "block_sums_subgroup",
  wgsl,
  params,
  hooks,
  bindings,
  reference,
  threads: ({ rows = 0, cols = 0 }) => [BLOCK * Math.ceil((rows * cols) / BLOCK)],
});
