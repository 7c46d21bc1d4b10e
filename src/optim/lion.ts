// Lion: steps of one size along the sign of a mean.
import wgsl from "../../shaders/optim/lion.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";

export const lionRule = defineRule({
  name: "lion",
  wgsl,
  options: { beta1: 0.9, beta2: 0.99 },
  state: ["m"],
  fields: ({ beta1 = 0, beta2 = 0 }) => ({ beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2 }),
  reference(u, _, { beta1 = 0, rest1 = 0, beta2 = 0, rest2 = 0 }, s) {
    const direction = Math.sign(beta1 * s[0]! + rest1 * u);
    s[0] = beta2 * s[0]! + rest2 * u;
    return direction;
  },
});

export type LionOptions = {
  readonly beta1?: Hyper;
  readonly beta2?: Hyper;
};

/** sign(beta1 m + (1 - beta1) u), then m = beta2 m + (1 - beta2) u; defaults are the paper's: beta1 0.9, beta2 0.99. */
export const scaleByLion = (options: LionOptions = {}): Link => link(lionRule, options);

/**
 * Lion (Chen et al. 2023, algorithm 2): p -= lr (sign(beta1 m + (1 - beta1) g) + weightDecay p), then m = beta2 m + (1
 * - beta2) g. Defaults are those of the authors' code: lr 1e-4, beta1 0.9, beta2 0.99, weightDecay 0 (decoupled; optax
 * 1e-3). Its lr is usually 3 to 10 times smaller than AdamW's, its weightDecay that much larger.
 */
export const lion = preset<LionOptions>("lion", {
  lr: 1e-4,
  decoupled: true,
  keys: Object.keys(lionRule.options),
  direction: scaleByLion,
});
