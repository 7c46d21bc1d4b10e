// Adamax: Adam in the infinity norm.
import wgsl from "../../shaders/optim/adamax.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";
import { debiasing } from "./scales.ts";

export const adamaxRule = defineRule({
  name: "adamax",
  wgsl,
  options: { beta1: 0.9, beta2: 0.999, eps: 1e-8, epsAfter: 0 },
  state: ["m", "n"],
  fields: ({ beta1 = 0, beta2 = 0, eps = 0, epsAfter = 0 }, t) => ({
    beta1,
    rest1: 1 - beta1,
    beta2,
    eps_in: epsAfter ? 0 : eps,
    eps: epsAfter ? eps : 0,
    m_scale: debiasing(beta1, t),
  }),
  varies: ["m_scale"],
  reference(u, _, { beta1 = 0, rest1 = 0, beta2 = 0, eps_in = 0, eps = 0, m_scale = 0 }, s) {
    const m = beta1 * s[0]! + rest1 * u;
    s[0] = m;
    const n = Math.max(beta2 * s[1]!, Math.abs(u) + eps_in);
    s[1] = n;
    return (m * m_scale) / (n + eps || 1);
  },
});

export type AdamaxOptions = {
  readonly beta1?: Hyper;
  readonly beta2?: Hyper;
  readonly eps?: Hyper;
  /**
   * false: n = max(beta2 n, |g| + eps), as PyTorch and optax; true: eps is added after the maximum, as Keras. Default
   * false.
   */
  readonly epsAfter?: boolean;
};

/** m / (1 - beta1^t) / n, n the decayed maximum of |u|; defaults are PyTorch's: beta1 0.9, beta2 0.999, eps 1e-8. */
export const scaleByAdamax = (options: AdamaxOptions = {}): Link => link(adamaxRule, options);

/**
 * Adamax (Kingma & Ba 2015, algorithm 2): m = beta1 m + (1 - beta1) g, n = max(beta2 n, |g| + eps), p -= lr m / (1 -
 * beta1^t) / n. Defaults are PyTorch's: lr 2e-3 (Keras 1e-3), beta1 0.9, beta2 0.999, eps 1e-8 inside the maximum,
 * weightDecay 0 (coupled; optax' adamaxw is `decoupled: true`).
 */
export const adamax = preset<AdamaxOptions>("adamax", {
  lr: 2e-3,
  keys: Object.keys(adamaxRule.options),
  direction: scaleByAdamax,
});
