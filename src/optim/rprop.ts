// Rprop: a step size for each parameter, from the signs of its gradients alone. For full batches.
import wgsl from "../../shaders/optim/rprop.wgsl?raw";
import { checkKeys } from "../core/check.ts";
import { type Link, link, type Optimizer } from "./chain.ts";
import { compose } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";

export const rpropRule = defineRule({
  name: "rprop",
  wgsl,
  options: { lr: 0.01, etaMinus: 0.5, etaPlus: 1.2, min: 1e-6, max: 50 },
  state: ["previous", "size"],
  fields: ({ lr = 0, etaMinus = 0, etaPlus = 0, min = 0, max = 0 }, t) => ({
    start: t === 1 ? lr : 0,
    shrink: etaMinus,
    grow: etaPlus,
    least: min,
    most: max,
  }),
  varies: ["start"],
  reference(u, _, { start = 0, shrink = 0, grow = 0, least = 0, most = 0 }, s) {
    const agreement = Math.sign(u) * Math.sign(s[0]!);
    const factor = agreement > 0 ? grow : agreement < 0 ? shrink : 1;
    s[1] = Math.min(Math.max((s[1]! + start) * factor, least), most);
    s[0] = agreement < 0 ? 0 : u;
    return Math.sign(s[0]) * s[1];
  },
});

export type RpropOptions = {
  /** The first step size; it changes the first step only, so a schedule of it has no effect later. */
  readonly lr?: Hyper;
  readonly etaMinus?: Hyper;
  readonly etaPlus?: Hyper;
  /** The least step size. */
  readonly min?: Hyper;
  /** The largest step size. */
  readonly max?: Hyper;
};

/** sign(u) times the parameter's step size: the whole step, to be followed by descend(1). */
export const scaleByRprop = (options: RpropOptions = {}): Link => link(rpropRule, options);

/**
 * Rprop (Riedmiller & Braun 1993), without weight backtracking: a parameter's step size starts at lr, is multiplied by
 * etaPlus while its gradient keeps its sign and by etaMinus where it flips (there the gradient counts as 0), and stays
 * in [min, max]. Defaults are PyTorch's: lr 0.01, etaMinus 0.5, etaPlus 1.2, min 1e-6, max 50. Where the product of two
 * gradients would underflow, the signs still count here. optax 0.2.8 applies each update one step late.
 */
export function rprop(options: RpropOptions = {}): Optimizer {
  checkKeys("rprop", options, Object.keys(rpropRule.options));
  return compose([scaleByRprop(options)], { lr: 1, weightDecay: 0, decoupled: false });
}
