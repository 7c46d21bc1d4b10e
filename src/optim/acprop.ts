// ACProp: the gradient over AdaBelief's root of the step before, without momentum.
import wgsl from "../../shaders/optim/acprop.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";
import { debiasing } from "./scales.ts";

export const acpropRule = defineRule({
  name: "acprop",
  wgsl,
  options: { beta1: 0.9, beta2: 0.999, eps: 1e-16, epsRoot: 1e-16, staleMean: 0 },
  state: ["m", "s"],
  fields: ({ beta1 = 0, beta2 = 0, eps = 0, epsRoot = 0, staleMean = 0 }, t) => ({
    beta1,
    rest1: 1 - beta1,
    beta2,
    rest2: 1 - beta2,
    eps,
    eps_root: epsRoot,
    s_scale: t === 1 ? 1 : debiasing(beta2, t - 1),
    start: t === 1 ? 1 : 0,
    stale: staleMean,
  }),
  varies: ["s_scale", "start"],
  reference(u, _, f, state) {
    const { beta1 = 0, rest1 = 0, beta2 = 0, rest2 = 0, eps = 0, eps_root = 0, s_scale = 0, start = 0, stale = 0 } = f;
    const [before = 0, s = 0] = state;
    const m = beta1 * before + rest1 * u;
    state[0] = m;
    state[1] = beta2 * s + rest2 * (u - (stale ? before : m)) ** 2 + eps_root;
    return u / (Math.sqrt(s * s_scale + start) + eps || 1);
  },
});

export type AcpropOptions = {
  readonly beta1?: Hyper;
  readonly beta2?: Hyper;
  readonly eps?: Hyper;
  /** Added to the second moment at every step. */
  readonly epsRoot?: Hyper;
  /**
   * true: s is of g less the mean before g, as optax 0.2.8 (corrected after it); false: of g less the new mean. Default
   * false.
   */
  readonly staleMean?: boolean;
};

/** The direction of {@link acprop}. */
export const scaleByAcprop = (options: AcpropOptions = {}): Link => link(acpropRule, options);

/**
 * ACProp (Zhuang et al. 2021): p -= lr g / (sqrt(s / (1 - beta2^(t - 1))) + eps) with s from the step before (lr g / (1
 * + eps) at the first), then m and s as AdaBelief's. Defaults are optax', beta1 0.9, beta2 0.999, eps and epsRoot
 * 1e-16; lr 1e-3, weightDecay 0 (decoupled).
 */
export const acprop = preset<AcpropOptions>("acprop", {
  lr: 1e-3,
  decoupled: true,
  keys: Object.keys(acpropRule.options),
  direction: scaleByAcprop,
});
