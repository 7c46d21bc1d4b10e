// The sign of the gradient, or of its momentum.
import wgsl from "../../shaders/optim/sign.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import { emaMomentum } from "./ema_momentum.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";

export const signRule = defineRule({
  name: "sign",
  wgsl,
  options: {},
  fields: () => ({ unit: 1 }),
  reference: (u, _, { unit = 0 }) => unit * Math.sign(u),
});

/** sign(u): -1, 0 or 1. */
export const sign = (): Link => link(signRule);

/** SignSGD (Bernstein et al. 2018): p -= lr sign(g). Defaults lr 1e-3, weightDecay 0 (decoupled). */
export const signsgd = preset<object>("signsgd", { lr: 1e-3, decoupled: true, keys: [], direction: sign });

/**
 * Signum (Bernstein et al. 2018, algorithm 2): m = beta m + (1 - beta) g, p -= lr sign(m). Defaults lr 1e-3, beta 0.9,
 * weightDecay 0 (decoupled).
 */
export const signum = preset<{ readonly beta?: Hyper }>("signum", {
  lr: 1e-3,
  decoupled: true,
  keys: ["beta"],
  direction: (options) => [emaMomentum(options), sign()],
});
