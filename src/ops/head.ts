// A classifier's last layer, loss and both gradients in one kernel: what a plan may put in place of the matmul, loss and matmul.
import wgsl from "../../shaders/ops/head.wgsl?raw";
import start from "../../shaders/ops/head_start.wgsl?raw";
import { fail } from "../core/check.ts";
import { defineKernel, type KernelSpec, read, readWords, write } from "../kernel/kernel.ts";

/** The kernel keeps a row's logits in three vec4s. */
export const MOST_CLASSES = 12;

/** The hook by which four threads side by side load four rows of w between them, and what it needs. */
export const SHARED_ROWS = {
  hook: `fn four_rows(origin: u32, k: u32, quad: u32, lane: u32) -> mat4x4f {
  return of_lanes(weights(origin, k + lane % 4u, quad));
}`,
  fragment: "enable subgroups;\n",
} as const;

const composed = (): never => fail("kernel head", "is only played by its parts", "dispatch it with parts");

const shared: Omit<KernelSpec, "name" | "wgsl"> = {
  params: ["rows", "cols", "depth", "factor"],
  bindings: ({ rows = 0, cols = 0, depth = 0 }) => ({
    h: read(rows, depth),
    w: read(depth, cols),
    b: read(cols),
    labels: readWords(rows),
    metrics: write(2, rows),
    dz: write(rows, cols),
    dh: write(rows, depth),
  }),
  threads: ({ rows = 0 }) => [rows],
  reference: composed,
};

const HOOKS = ["label_of", "epilogue"];

export const startKernel = defineKernel({ ...shared, name: "head_start", wgsl: start, hooks: HOOKS });

export const headKernel = defineKernel({
  ...shared,
  name: "head",
  wgsl,
  hooks: [...HOOKS, "four_rows"],
  start: startKernel.name,
});
