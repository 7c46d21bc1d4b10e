// Clipping each number by itself.
import wgsl from "../../shaders/optim/clip_by_value.wgsl?raw";
import { type Link, link } from "./chain.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";

export const clipByValueRule = defineRule({
  name: "clipByValue",
  wgsl,
  options: { limit: 1 },
  fields: ({ limit = 0 }) => ({ limit }),
  reference: (u, _, { limit = 0 }) => Math.min(Math.max(u, -limit), limit),
});

/** u held in [-limit, limit]; default 1. As PyTorch's clip_grad_value_ and optax' clip. */
export const clipByValue = (limit: Hyper = 1): Link => link(clipByValueRule, { limit });
