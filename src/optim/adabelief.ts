// AdaBelief: Adam by how far the gradient is from what its mean foretold.
import wgsl from "../../shaders/optim/adabelief.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";
import { debiasing } from "./scales.ts";

export const adabeliefRule = defineRule({
  name: "adabelief",
  wgsl,
  options: { beta1: 0.9, beta2: 0.999, eps: 1e-16, epsRoot: 1e-16 },
  state: ["m", "s"],
  fields: ({ beta1 = 0, beta2 = 0, eps = 0, epsRoot = 0 }, t) => ({
    beta1,
    rest1: 1 - beta1,
    beta2,
    rest2: 1 - beta2,
    eps,
    eps_root: epsRoot,
    m_scale: debiasing(beta1, t),
    s_scale: debiasing(beta2, t),
  }),
  varies: ["m_scale", "s_scale"],
  reference(u, _, f, state) {
    const { beta1 = 0, rest1 = 0, beta2 = 0, rest2 = 0, eps = 0, eps_root = 0, m_scale = 0, s_scale = 0 } = f;
    const m = beta1 * state[0]! + rest1 * u;
    state[0] = m;
    const s = beta2 * state[1]! + rest2 * (u - m) * (u - m) + eps_root;
    state[1] = s;
    return (m * m_scale) / (Math.sqrt(s * s_scale) + eps || 1);
  },
});

export type AdabeliefOptions = {
  readonly beta1?: Hyper;
  readonly beta2?: Hyper;
  /** Added to the debiased root. */
  readonly eps?: Hyper;
  /** Added to the second moment at every step, as the paper and optax have it. */
  readonly epsRoot?: Hyper;
};

/** The direction of {@link adabelief}. */
export const scaleByAdabelief = (options: AdabeliefOptions = {}): Link => link(adabeliefRule, options);

/**
 * AdaBelief (Zhuang et al. 2020): m as Adam's, s = beta2 s + (1 - beta2)(g - m)^2 + epsRoot with the new m, p -= lr m /
 * (1 - beta1^t) / (sqrt(s / (1 - beta2^t)) + eps). Defaults are those of the authors' code and optax: lr 1e-3, beta1
 * 0.9, beta2 0.999, eps and epsRoot 1e-16 (in f32 they count only where the gradient hardly changes), weightDecay 0
 * (decoupled).
 */
export const adabelief = preset<AdabeliefOptions>("adabelief", {
  lr: 1e-3,
  decoupled: true,
  keys: Object.keys(adabeliefRule.options),
  direction: scaleByAdabelief,
});
