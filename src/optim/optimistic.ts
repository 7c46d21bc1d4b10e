// Optimistic gradients: the gradient plus how it changed, as a guess of the next one.
import wgsl from "../../shaders/optim/optimistic.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import { type Hyper, scaleByAdam } from "./presets.ts";
import { defineRule } from "./rule.ts";

export const optimisticRule = defineRule({
  name: "optimistic",
  wgsl,
  options: { alpha: 1, beta: 1 },
  state: ["previous"],
  fields: ({ alpha = 0, beta = 0 }, t) => ({ now: t === 1 ? alpha : alpha + beta, before: beta }),
  varies: ["now"],
  reference(u, _, { now = 0, before = 0 }, s) {
    const ahead = now * u - before * s[0]!;
    s[0] = u;
    return ahead;
  },
});

export type OptimisticOptions = {
  /** Weight of u. */
  readonly alpha?: Hyper;
  /** Weight of the change since the step before. */
  readonly beta?: Hyper;
};

/** alpha u + beta (u - u_before), alpha u at the first step; defaults alpha 1, beta 1 (optax'). */
export const optimistic = (options: OptimisticOptions = {}): Link => link(optimisticRule, options);

/**
 * Optimistic gradient descent (Mokhtari, Ozdaglar & Pattathil 2020): p -= lr (alpha g + beta (g - g_before)). Defaults
 * are optax': alpha 1, beta 1; lr 1e-3, weightDecay 0 (coupled).
 */
export const optimisticSgd = preset<OptimisticOptions>("optimisticSgd", {
  lr: 1e-3,
  keys: Object.keys(optimisticRule.options),
  direction: optimistic,
});

interface OptimisticAdamOptions extends OptimisticOptions {
  readonly beta1?: Hyper;
  readonly beta2?: Hyper;
  readonly eps?: Hyper;
}

/**
 * Optimistic Adam (Daskalakis et al. 2018, algorithm 1): optimistic steps along Adam's direction. Defaults lr 1e-3 and
 * optax'.
 */
export const optimisticAdam = preset<OptimisticAdamOptions>("optimisticAdam", {
  lr: 1e-3,
  keys: ["alpha", "beta", "beta1", "beta2", "eps"],
  direction: ({ alpha = 1, beta = 1, ...adam }) => [scaleByAdam(adam), optimistic({ alpha, beta })],
});
