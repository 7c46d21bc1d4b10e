// AdEMAMix: Adam along a fast and a slow mean.
import wgsl from "../../shaders/optim/ademamix.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";
import { debiasing } from "./scales.ts";

export const ademamixRule = defineRule({
  name: "ademamix",
  wgsl,
  options: { beta1: 0.9, beta2: 0.999, beta3: 0.9999, alpha: 8, eps: 1e-8 },
  state: ["m", "slow", "v"],
  fields: ({ beta1 = 0, beta2 = 0, beta3 = 0, alpha = 0, eps = 0 }, t) => ({
    beta1,
    rest1: 1 - beta1,
    beta2,
    rest2: 1 - beta2,
    beta3,
    rest3: 1 - beta3,
    alpha,
    eps,
    m_scale: debiasing(beta1, t),
    v_scale: debiasing(beta2, t),
  }),
  varies: ["m_scale", "v_scale"],
  reference(u, _, f, s) {
    const { beta1 = 0, rest1 = 0, beta2 = 0, rest2 = 0, beta3 = 0, rest3 = 0, alpha = 0, eps = 0 } = f;
    const m = beta1 * s[0]! + rest1 * u;
    s[0] = m;
    const slow = beta3 * s[1]! + rest3 * u;
    s[1] = slow;
    const v = beta2 * s[2]! + rest2 * u * u;
    s[2] = v;
    return (m * f.m_scale! + alpha * slow) / (Math.sqrt(v * f.v_scale!) + eps || 1);
  },
});

export type AdemamixOptions = {
  readonly beta1?: Hyper;
  readonly beta2?: Hyper;
  /** Of the slow mean. The authors warm it up, and alpha: give them a function of the step. */
  readonly beta3?: Hyper;
  /** Weight of the slow mean. */
  readonly alpha?: Hyper;
  readonly eps?: Hyper;
};

/** The direction of {@link ademamix}. */
export const scaleByAdemamix = (options: AdemamixOptions = {}): Link => link(ademamixRule, options);

/**
 * AdEMAMix (Pagliardini, Ablin & Grangier 2024): m, v as Adam's, s = beta3 s + (1 - beta3) g, not debiased, p -= lr (m
 * / (1 - beta1^t) + alpha s) / (sqrt(v / (1 - beta2^t)) + eps). Defaults are the paper's: lr 1e-3, beta1 0.9, beta2
 * 0.999, beta3 0.9999, alpha 8 (optax 5), eps 1e-8; weightDecay 0 (decoupled).
 */
export const ademamix = preset<AdemamixOptions>("ademamix", {
  lr: 1e-3,
  decoupled: true,
  keys: Object.keys(ademamixRule.options),
  direction: scaleByAdemamix,
});
