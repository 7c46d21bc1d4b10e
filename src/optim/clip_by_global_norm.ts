// Clipping by the norm of all gradients of a run: the chain is cut before it, for the norm.
import wgsl from "../../shaders/optim/clip_by_global_norm.wgsl?raw";
import { exact } from "../kernel/bound.ts";
import { BLOCK, SQUARES } from "../ops/sum.ts";
import { clipLater } from "./presets.ts";
import { type CutAt, type CutCall, defineRule } from "./rule.ts";

/** The squared norm of all gradients of each run: two dispatches, one tree fixed by the size. */
function squaredNorm({ size }: CutAt): CutCall[] {
  const blocks = size / BLOCK;
  const partial = { scratch: "gradient norm blocks", shape: [blocks] };
  return [
    {
      name: "gradient norm, blocks",
      kernel: "block_sums",
      sizes: { rows: 1, cols: size },
      variant: SQUARES,
      tensors: { x: { arena: "gradient" }, y: partial },
    },
    {
      name: "gradient norm",
      kernel: "segment_sums",
      sizes: { blocks, segments: 1, factor: 1 },
      variant: {},
      tensors: { x: partial, first: { name: "all blocks", words: [0, blocks] }, y: { arena: "reduced" } },
    },
  ];
}

export const clipByGlobalNormRule = defineRule({
  name: clipLater.name,
  options: clipLater.options,
  wgsl,
  fields: ({ maxNorm = 0, eps = 0 }) => ({ max_norm: maxNorm, eps }),
  reduces: { fields: ["squared_norm"], over: "run", terms: (u) => [u * u], calls: squaredNorm },
  reference: (u, _, { max_norm = 0, eps = 0, squared_norm = 0 }) =>
    u * Math.min(1, max_norm / (Math.sqrt(squared_norm) + eps)),
  bound(by, u, _, { max_norm, eps, squared_norm }) {
    const ratio = by.divide(max_norm!, by.add(by.root(squared_norm!), eps!));
    return by.multiply(u, ratio.v - ratio.e > 1 ? exact(1) : { v: Math.min(1, ratio.v), e: ratio.e });
  },
});
