// Decoupled weight decay by division, which shrinks p without ever changing its sign.
import wgsl from "../../shaders/optim/proximal_decay.wgsl?raw";
import { type Link, link } from "./chain.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";

export const proximalDecayRule = defineRule({
  name: "proximalDecay",
  wgsl,
  options: { weightDecay: 0.01, lr: 1e-3 },
  fields: ({ weightDecay = 0, lr = 0 }) => ({ decay: weightDecay, shrink: 1 / (1 + lr * weightDecay) }),
  reference: (u, p, { decay = 0, shrink = 0 }) => (u + decay * p) * shrink,
});

/**
 * Proximal weight decay (Parikh & Boyd 2014, section 6): before descend(lr) it makes p = (p - lr u) / (1 + lr decay).
 * Give it the same lr.
 */
export const proximalDecay = (decay: Hyper, lr: Hyper): Link => link(proximalDecayRule, { weightDecay: decay, lr });
