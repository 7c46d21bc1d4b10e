// Yogi: Adam whose second moment changes additively, so that it cannot forget quickly.
import wgsl from "../../shaders/optim/yogi.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";
import { debiasing } from "./scales.ts";

export const yogiRule = defineRule({
  name: "yogi",
  wgsl,
  options: { beta1: 0.9, beta2: 0.999, eps: 1e-3, initial: 1e-6, initialMean: 0, debias: 1 },
  state: ["m", "v"],
  fields: ({ beta1 = 0, beta2 = 0, eps = 0, initial = 0, initialMean = 0, debias = 0 }, t) => ({
    beta1,
    rest1: 1 - beta1,
    rest2: 1 - beta2,
    start_m: t === 1 ? initialMean : 0,
    start_v: t === 1 ? initial : 0,
    eps,
    m_scale: debias ? debiasing(beta1, t) : 1,
    v_scale: debias ? debiasing(beta2, t) : 1,
  }),
  varies: ["start_m", "start_v", "m_scale", "v_scale"],
  reference(u, _, f, s) {
    const { beta1 = 0, rest1 = 0, rest2 = 0, start_m = 0, start_v = 0, eps = 0, m_scale = 0, v_scale = 0 } = f;
    const m = beta1 * (s[0]! + (u === 0 ? 0 : start_m)) + rest1 * u;
    s[0] = m;
    const before = s[1]! + start_v;
    const v = before - rest2 * Math.sign(before - u * u) * u * u;
    s[1] = v;
    return (m * m_scale) / (Math.sqrt(v * v_scale) + eps || 1);
  },
});

export type YogiOptions = {
  readonly beta1?: Hyper;
  readonly beta2?: Hyper;
  readonly eps?: Hyper;
  /** The second moment before the first step. */
  readonly initial?: Hyper;
  /**
   * The mean before the first step: 0 (the paper), 1e-6 in optax; a parameter whose first gradient is exactly 0 has 0
   * in any case.
   */
  readonly initialMean?: Hyper;
  /**
   * Debiases both moments as Adam does; default true, as optax and the authors' code. The paper's algorithm 2 leaves it
   * out.
   */
  readonly debias?: boolean;
};

/** The direction of {@link yogi}. */
export const scaleByYogi = (options: YogiOptions = {}): Link => link(yogiRule, options);

/**
 * Yogi (Zaheer et al. 2018, algorithm 2): m as Adam's, v -= (1 - beta2) sign(v - g^2) g^2, p -= lr m / (sqrt(v) + eps),
 * debiased as Adam. Defaults are the paper's: lr 0.01, beta1 0.9, beta2 0.999, eps 1e-3, initial 1e-6; weightDecay 0
 * (decoupled).
 */
export const yogi = preset<YogiOptions>("yogi", {
  lr: 0.01,
  decoupled: true,
  keys: Object.keys(yogiRule.options),
  direction: scaleByYogi,
});
