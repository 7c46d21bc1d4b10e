// Clipping by the norm of all gradients of a run: the chain is cut before it, for the norm.
import wgsl from "../../shaders/optim/clip_by_global_norm.wgsl?raw";
import { exact } from "../kernel/bound.ts";
import { defineRule } from "./rule.ts";

export const clipByGlobalNormRule = defineRule({
  name: "clipByGlobalNorm",
  wgsl,
  options: { maxNorm: 1, eps: 1e-6 },
  fields: ({ maxNorm = 0, eps = 0 }) => ({ max_norm: maxNorm, eps }),
  reduces: { field: "squared_norm", kind: "squaredNorm" },
  reference: (u, _, { max_norm = 0, eps = 0, squared_norm = 0 }) =>
    u * Math.min(1, max_norm / (Math.sqrt(squared_norm) + eps)),
  bound(by, u, _, { max_norm, eps, squared_norm }) {
    const ratio = by.divide(max_norm!, by.add(by.root(squared_norm!), eps!));
    return by.multiply(u, ratio.v - ratio.e > 1 ? exact(1) : { v: Math.min(1, ratio.v), e: ratio.e });
  },
});
