// Simplified AdEMAMix: one momentum, and the gradient itself beside it.
import wgsl from "../../shaders/optim/simplified_ademamix.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";
import { debiasing } from "./scales.ts";

export const simplifiedAdemamixRule = defineRule({
  name: "simplifiedAdemamix",
  wgsl,
  options: { beta1: 0.99, beta2: 0.95, alpha: 0, eps: 1e-8 },
  state: ["m", "v"],
  fields: ({ beta1 = 0, beta2 = 0, alpha = 0, eps = 0 }, t) => ({
    beta1,
    beta2,
    rest2: 1 - beta2,
    alpha,
    eps,
    v_scale: debiasing(beta2, t),
  }),
  varies: ["v_scale"],
  reference(u, _, { beta1 = 0, beta2 = 0, rest2 = 0, alpha = 0, eps = 0, v_scale = 0 }, s) {
    const m = beta1 * s[0]! + u;
    s[0] = m;
    const v = beta2 * s[1]! + rest2 * u * u;
    s[1] = v;
    return (m + alpha * u) / (Math.sqrt(v * v_scale) + eps || 1);
  },
});

export type SimplifiedAdemamixOptions = {
  readonly beta1?: Hyper;
  readonly beta2?: Hyper;
  /** Weight of the gradient itself. */
  readonly alpha?: Hyper;
  readonly eps?: Hyper;
};

/** The direction of {@link simplifiedAdemamix}. */
export const scaleBySimplifiedAdemamix = (options: SimplifiedAdemamixOptions = {}): Link =>
  link(simplifiedAdemamixRule, options);

/**
 * Simplified AdEMAMix (Morwani et al. 2025): m = beta1 m + g, v as Adam's, p -= lr (m + alpha g) / (sqrt(v / (1 -
 * beta2^t)) + eps). Defaults are optax': beta1 0.99, beta2 0.95, alpha 0, eps 1e-8; lr 1e-3, weightDecay 0 (decoupled).
 * m is a sum, so lr is that much smaller than Adam's.
 */
export const simplifiedAdemamix = preset<SimplifiedAdemamixOptions>("simplifiedAdemamix", {
  lr: 1e-3,
  decoupled: true,
  keys: Object.keys(simplifiedAdemamixRule.options),
  direction: scaleBySimplifiedAdemamix,
});
