// NAdam: Adam with Nesterov's momentum, whose strength grows with the steps.
import wgsl from "../../shaders/optim/nadam.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { defineRule, type Values } from "./rule.ts";
import { debiasing } from "./scales.ts";

/** mu_i = beta1 (1 - 0.96^(i momentumDecay) / 2), or beta1 where the momentum is constant. */
const muAt = ({ beta1 = 0, momentumDecay = 0, constant = 0 }: Values, i: number): number =>
  constant ? beta1 : beta1 * (1 - 0.5 * 0.96 ** (i * momentumDecay));

/** mu_1 mu_2 ... mu_t: stops where mu no longer changes, or where 1 minus the product is 1. */
function productOfMus(h: Values, t: number): number {
  const { beta1 = 0, momentumDecay = 0, constant = 0 } = h;
  let product = 1;
  for (let i = 1; i <= t; i++) {
    if (constant || 0.96 ** (i * momentumDecay) < 2 ** -54) return product * beta1 ** (t - i + 1);
    product *= muAt(h, i);
    if (product < 2 ** -60) return product;
  }
  return product;
}

export const nadamRule = defineRule({
  name: "nadam",
  wgsl,
  options: { beta1: 0.9, beta2: 0.999, eps: 1e-8, momentumDecay: 0.004, constant: 0 },
  state: ["m", "v"],
  fields(h, t) {
    const { beta1 = 0, beta2 = 0, eps = 0 } = h;
    const [now, next, product] = [muAt(h, t), muAt(h, t + 1), productOfMus(h, t)];
    const scales = { u_scale: (1 - now) / (1 - product), m_scale: next / (1 - product * next) };
    return { beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2, eps, ...scales, v_scale: debiasing(beta2, t) };
  },
  varies: ["u_scale", "m_scale", "v_scale"],
  reference(u, _, { beta1 = 0, rest1 = 0, beta2 = 0, rest2 = 0, eps = 0, u_scale = 0, m_scale = 0, v_scale = 0 }, s) {
    const m = beta1 * s[0]! + rest1 * u;
    s[0] = m;
    const v = beta2 * s[1]! + rest2 * u * u;
    s[1] = v;
    return (u_scale * u + m_scale * m) / (Math.sqrt(v * v_scale) + eps || 1);
  },
});

export type NadamOptions = {
  readonly beta1?: Hyper;
  readonly beta2?: Hyper;
  readonly eps?: Hyper;
  /** How quickly the momentum grows to beta1: 0.004 in PyTorch, 1 in Keras. */
  readonly momentumDecay?: Hyper;
  /** true: the momentum is beta1 from the start, as optax has it; momentumDecay is not used then. Default false. */
  readonly constant?: boolean;
};

/** The direction of {@link nadam}. */
export const scaleByNadam = (options: NadamOptions = {}): Link => link(nadamRule, options);

/**
 * NAdam (Dozat 2016): mu_t = beta1 (1 - 0.96^(t momentumDecay) / 2), M_t = mu_1 ... mu_t, m and v as Adam's, p -= lr
 * ((1 - mu_t) / (1 - M_t) g + mu_t+1 / (1 - M_t+1) m) / (sqrt(v / (1 - beta2^t)) + eps). Defaults are PyTorch's: lr
 * 2e-3 (Keras 1e-3), beta1 0.9, beta2 0.999, eps 1e-8, momentumDecay 0.004, weightDecay 0, decoupled false.
 */
export const nadam = preset<NadamOptions>("nadam", {
  lr: 2e-3,
  keys: Object.keys(nadamRule.options),
  direction: scaleByNadam,
});
