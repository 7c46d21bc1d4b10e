// Adan: Adam with Nesterov's look-ahead written as a running mean of the gradient's changes.
import wgsl from "../../shaders/optim/adan.wgsl?raw";
import { checkKeys } from "../core/check.ts";
import { type Link, link, type Optimizer } from "./chain.ts";
import { type Common, compose } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { proximalDecay } from "./proximal_decay.ts";
import { defineRule } from "./rule.ts";
import { debiasing } from "./scales.ts";

export const adanRule = defineRule({
  name: "adan",
  wgsl,
  options: { beta1: 0.98, beta2: 0.92, beta3: 0.99, eps: 1e-8, epsRoot: 0 },
  state: ["m", "d", "n", "previous"],
  fields: ({ beta1 = 0, beta2 = 0, beta3 = 0, eps = 0, epsRoot = 0 }, t) => ({
    beta1,
    rest1: 1 - beta1,
    beta2,
    rest2: 1 - beta2,
    beta3,
    rest3: 1 - beta3,
    eps,
    eps_root: epsRoot,
    later: t === 1 ? 0 : 1,
    m_scale: debiasing(beta1, t),
    d_scale: beta2 * debiasing(beta2, t),
    n_scale: debiasing(beta3, t),
  }),
  varies: ["later", "m_scale", "d_scale", "n_scale"],
  reference(u, _, f, s) {
    const { beta1 = 0, rest1 = 0, beta2 = 0, rest2 = 0, beta3 = 0, rest3 = 0, eps = 0, eps_root = 0 } = f;
    const change = f.later! * (u - s[3]!);
    const m = beta1 * s[0]! + rest1 * u;
    s[0] = m;
    const d = beta2 * s[1]! + rest2 * change;
    s[1] = d;
    const n = beta3 * s[2]! + rest3 * (u + beta2 * change) ** 2;
    s[2] = n;
    s[3] = u;
    return (m * f.m_scale! + d * f.d_scale!) / (Math.sqrt(n * f.n_scale! + eps_root) + eps || 1);
  },
});

export type AdanDirection = {
  readonly beta1?: Hyper;
  readonly beta2?: Hyper;
  readonly beta3?: Hyper;
  readonly eps?: Hyper;
  /** Added under the root: 1e-8 in optax, else 0. */
  readonly epsRoot?: Hyper;
};

/** The direction of {@link adan}. */
export const scaleByAdan = (options: AdanDirection = {}): Link => link(adanRule, options);

export interface AdanOptions extends AdanDirection, Omit<Common, "decoupled"> {
  /** true: decay by division, (p - lr u) / (1 + lr weightDecay); false: p (1 - lr weightDecay) - lr u. Default true. */
  readonly proximal?: boolean;
}

/**
 * Adan (Xie et al. 2022, algorithm 1): d_t = g_t - g_t-1 (0 at t = 1), running means m of g (beta1), v of d (beta2), n
 * of (g + beta2 d)^2 (beta3), p = (p - lr (m + beta2 v) / (sqrt(n) + eps)) / (1 + lr weightDecay), m, v and n debiased.
 * The betas are those of the authors' code: one minus the paper's. Defaults are that code's: lr 1e-3, beta1 0.98, beta2
 * 0.92, beta3 0.99, eps 1e-8, weightDecay 0. optax 0.2.8 has 1 - beta2 where this has beta2.
 */
export function adan(options: AdanOptions = {}): Optimizer {
  checkKeys("adan", options, ["lr", "weightDecay", "clip", "proximal", ...Object.keys(adanRule.options)]);
  const { lr = 1e-3, weightDecay = 0, clip, proximal = true, ...direction } = options;
  const divided = proximal && weightDecay !== 0;
  const links = [scaleByAdan(direction), ...(divided ? [proximalDecay(weightDecay, lr)] : [])];
  return compose(links, { lr, weightDecay: divided ? 0 : weightDecay, decoupled: true, clip });
}
