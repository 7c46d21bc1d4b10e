// LaProp: Adam with its two halves in the other order.
import wgsl from "../../shaders/optim/laprop.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";
import { debiasing } from "./scales.ts";

export const lapropRule = defineRule({
  name: "laprop",
  wgsl,
  options: { beta1: 0.9, beta2: 0.999, eps: 1e-15 },
  state: ["m", "v"],
  fields: ({ beta1 = 0, beta2 = 0, eps = 0 }, t) => ({
    beta1,
    rest1: 1 - beta1,
    beta2,
    rest2: 1 - beta2,
    eps,
    m_scale: debiasing(beta1, t),
    v_scale: debiasing(beta2, t),
  }),
  varies: ["m_scale", "v_scale"],
  reference(u, _, { beta1 = 0, rest1 = 0, beta2 = 0, rest2 = 0, eps = 0, m_scale = 0, v_scale = 0 }, s) {
    const v = beta2 * s[1]! + rest2 * u * u;
    s[1] = v;
    const m = beta1 * s[0]! + (rest1 * u) / (Math.sqrt(v * v_scale) + eps || 1);
    s[0] = m;
    return m * m_scale;
  },
});

export type LapropOptions = {
  readonly beta1?: Hyper;
  readonly beta2?: Hyper;
  readonly eps?: Hyper;
};

/** The direction of {@link laprop}. */
export const scaleByLaprop = (options: LapropOptions = {}): Link => link(lapropRule, options);

/**
 * LaProp (Ziyin, Wang & Ueda 2020): v as Adam's, m = beta1 m + (1 - beta1) g / (sqrt(v / (1 - beta2^t)) + eps), p -= lr
 * m / (1 - beta1^t). Defaults are those of the authors' code: lr 4e-4, beta1 0.9, beta2 0.999, eps 1e-15; weightDecay 0
 * (decoupled).
 */
export const laprop = preset<LapropOptions>("laprop", {
  lr: 4e-4,
  decoupled: true,
  keys: Object.keys(lapropRule.options),
  direction: scaleByLaprop,
});
