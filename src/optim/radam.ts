// RAdam: Adam whose first steps, while the variance of its divisor is not tractable, are those of momentum.
import wgsl from "../../shaders/optim/radam.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";
import { debiasing } from "./scales.ts";

/** The rectification at step t, or 0 where the length of the approximated average is not above the threshold. */
function rectification(beta2: number, t: number, threshold: number): number {
  const most = 2 / (1 - beta2) - 1;
  const length = most - (2 * t * beta2 ** t) / (1 - beta2 ** t);
  if (length <= threshold) return 0;
  return Math.sqrt(((length - 4) * (length - 2) * most) / ((most - 4) * (most - 2) * length));
}

export const radamRule = defineRule({
  name: "radam",
  wgsl,
  options: { beta1: 0.9, beta2: 0.999, eps: 1e-8, threshold: 5, epsDebiased: 0 },
  state: ["m", "v"],
  fields({ beta1 = 0, beta2 = 0, eps = 0, threshold = 0, epsDebiased = 0 }, t) {
    const r = rectification(beta2, t, threshold);
    const scale = debiasing(beta2, t);
    return {
      beta1,
      rest1: 1 - beta1,
      beta2,
      rest2: 1 - beta2,
      eps,
      m_scale: debiasing(beta1, t) * (r === 0 ? 1 : epsDebiased ? r : r / Math.sqrt(scale)),
      v_scale: epsDebiased ? scale : 1,
      rectified: r === 0 ? 0 : 1,
    };
  },
  varies: ["m_scale", "v_scale", "rectified"],
  reference(u, _, { beta1 = 0, rest1 = 0, beta2 = 0, rest2 = 0, eps = 0, m_scale = 0, v_scale = 0, rectified = 0 }, s) {
    const m = beta1 * s[0]! + rest1 * u;
    s[0] = m;
    const v = beta2 * s[1]! + rest2 * u * u;
    s[1] = v;
    return (m * m_scale) / (rectified ? Math.sqrt(v * v_scale) + eps || 1 : 1);
  },
});

export type RadamOptions = {
  readonly beta1?: Hyper;
  readonly beta2?: Hyper;
  readonly eps?: Hyper;
  /**
   * The length of the approximated average above which Adam's divisor is used: 5 in PyTorch and optax, 4 in the paper.
   */
  readonly threshold?: number;
  /**
   * false: eps is added to sqrt(v), before the debiasing, as PyTorch; true: to the debiased root, as optax. Default
   * false.
   */
  readonly epsDebiased?: boolean;
};

/** The direction of {@link radam}. */
export const scaleByRadam = (options: RadamOptions = {}): Link => link(radamRule, options);

/**
 * RAdam (Liu et al. 2020): with R = 2 / (1 - beta2) - 1 and rho = R - 2 t beta2^t / (1 - beta2^t), Adam's step times
 * sqrt((rho - 4)(rho - 2) R / ((R - 4)(R - 2) rho)) where rho > threshold, else lr m / (1 - beta1^t). Defaults are
 * PyTorch's: lr 1e-3, beta1 0.9, beta2 0.999, eps 1e-8, threshold 5, weightDecay 0, decoupled false. optax rectifies at
 * rho = 5 itself as well.
 */
export const radam = preset<RadamOptions>("radam", {
  lr: 1e-3,
  keys: Object.keys(radamRule.options),
  direction: scaleByRadam,
});
