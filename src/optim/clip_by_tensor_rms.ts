// Clipping by the root mean square of u in each tensor.
import wgsl from "../../shaders/optim/clip_by_tensor_rms.wgsl?raw";
import { exact } from "../kernel/bound.ts";
import { larger } from "./bounds.ts";
import { type Link, link } from "./chain.ts";
import type { Hyper } from "./presets.ts";
import { reduction } from "./reduce.ts";
import { defineRule } from "./rule.ts";

export const clipByTensorRmsRule = defineRule({
  name: "clipByTensorRms",
  wgsl,
  options: { limit: 1 },
  fields: ({ limit = 0 }) => ({ limit }),
  reduces: reduction({
    fields: ["divisor"],
    over: "tensor",
    terms: (u) => [u * u],
    termsBound: (by, u) => [by.multiply(u, u)],
    settle: ([sum = 0], count, { limit = 0 }) => [Math.max(Math.sqrt(sum / count) / limit, 1)],
    settleBound: (by, [sum], count, { limit }) => [
      larger(by.divide(by.root(by.divide(sum!, exact(count))), limit!), exact(1)),
    ],
  }),
  reference: (u, _, { divisor = 1 }) => u / divisor,
  bound: (by, u, _, { divisor }) => by.divide(u, divisor!),
});

/** u / max(1, rms(u) / limit) in each tensor; default limit 1. optax' clip_by_block_rms. */
export const clipByTensorRms = (limit: Hyper = 1): Link => link(clipByTensorRmsRule, { limit });
