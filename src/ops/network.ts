// A small network's forward pass, loss and backward pass in one kernel, a thread a run: what a plan may put in place of all of them.
import wgsl from "../../shaders/ops/network.wgsl?raw";
import { fail } from "../core/check.ts";
import { defineKernel, write } from "../kernel/kernel.ts";

const composed = (): never => fail("kernel network", "is only played by its parts", "dispatch it with parts");

export const networkKernel = defineKernel({
  name: "network",
  wgsl,
  params: ["rows"],
  hooks: ["network"],
  bindings: ({ rows = 0 }) => ({ metrics: write(2, rows) }),
  threads: () => [1],
  reference: composed,
});
