// ADOPT: Adam whose divisor is the second moment of the steps before, so that it converges with any beta2.
import wgsl from "../../shaders/optim/adopt.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";

/** No limit: the largest f32. */
const UNLIMITED = (2 - 2 ** -23) * 2 ** 127;

export const adoptRule = defineRule({
  name: "adopt",
  wgsl,
  options: { beta1: 0.9, beta2: 0.9999, eps: 1e-6, clipping: 1 },
  state: ["m", "v"],
  fields: ({ beta1 = 0, beta2 = 0, eps = 0, clipping = 0 }, t) => ({
    beta1,
    rest1: 1 - beta1,
    beta2,
    rest2: t === 1 ? 1 : 1 - beta2,
    eps,
    limit: t === 1 ? 0 : clipping ? (t - 1) ** 0.25 : UNLIMITED,
  }),
  varies: ["rest2", "limit"],
  reference(u, _, { beta1 = 0, rest1 = 0, beta2 = 0, rest2 = 0, eps = 0, limit = 0 }, s) {
    const normed = u / (Math.max(Math.sqrt(s[1]!), eps) || 1);
    const m = beta1 * s[0]! + rest1 * Math.min(Math.max(normed, -limit), limit);
    s[0] = m;
    s[1] = beta2 * s[1]! + rest2 * u * u;
    return m;
  },
});

export type AdoptOptions = {
  readonly beta1?: Hyper;
  readonly beta2?: Hyper;
  /** The least divisor: u / max(sqrt(v), eps). */
  readonly eps?: Hyper;
  /** Clips u / max(sqrt(v), eps) to (t - 1)^(1/4), which the authors added after publication; default true. */
  readonly clipping?: boolean;
};

/** The direction of {@link adopt}. */
export const scaleByAdopt = (options: AdoptOptions = {}): Link => link(adoptRule, options);

/**
 * ADOPT (Taniguchi et al. 2024, algorithm 2): n = g / max(sqrt(v), eps) clipped to (t - 1)^(1/4), m = beta1 m + (1 -
 * beta1) n, p -= lr m, and only then v = beta2 v + (1 - beta2) g^2. The first step sets v to g^2 and leaves p. Defaults
 * are the paper's: lr 1e-3, beta1 0.9, beta2 0.9999, eps 1e-6, clipped; weightDecay 0 (decoupled; here it works from
 * the first step on).
 */
export const adopt = preset<AdoptOptions>("adopt", {
  lr: 1e-3,
  decoupled: true,
  keys: Object.keys(adoptRule.options),
  direction: scaleByAdopt,
});
