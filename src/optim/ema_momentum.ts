// Momentum as a running mean of gradients: the heavy ball with lr (1 - beta), from a first step that is dampened like
// the others.
import wgsl from "../../shaders/optim/ema_momentum.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";
import { debiasing } from "./scales.ts";

export const emaMomentumRule = defineRule({
  name: "emaMomentum",
  wgsl,
  options: { beta: 0.9, debias: 0 },
  state: ["m"],
  fields: ({ beta = 0, debias = 0 }, t) => ({ beta, rest: 1 - beta, scale: debias ? debiasing(beta, t) : 1 }),
  varies: ["scale"],
  reference(u, _, { beta = 0, rest = 0, scale = 0 }, s) {
    const [m = 0] = s;
    s[0] = beta * m + rest * u;
    return s[0] * scale;
  },
});

export type EmaMomentumOptions = {
  readonly beta?: Hyper;
  /** Divides the mean by 1 - beta^t; default false. */
  readonly debias?: boolean;
};

/**
 * m = beta m + (1 - beta) u; default beta 0.9. PyTorch's `dampening: momentum` differs from it: its first step is not
 * dampened.
 */
export const emaMomentum = (options: EmaMomentumOptions = {}): Link => link(emaMomentumRule, options);

/**
 * Stochastic gradient descent along a running mean of gradients: m = beta m + (1 - beta) g, p -= lr m. Defaults lr 1e-3
 * (PyTorch's SGD), beta 0.9; weightDecay is coupled.
 */
export const emaSgd = preset<EmaMomentumOptions>("emaSgd", {
  lr: 1e-3,
  keys: Object.keys(emaMomentumRule.options),
  direction: emaMomentum,
});
