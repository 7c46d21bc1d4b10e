// MADGRAD: dual averaging from the start, by the cube root of the sum of squares, with momentum on the iterates.
import wgsl from "../../shaders/optim/madgrad.wgsl?raw";
import { checkKeys } from "../core/check.ts";
import { type Link, link, type Optimizer } from "./chain.ts";
import { type Common, compose } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";

export const madgradRule = defineRule({
  name: "madgrad",
  wgsl,
  options: { lr: 0.01, momentum: 0.9, eps: 1e-6 },
  state: ["s", "v", "origin"],
  fields: ({ lr = 0, momentum = 0, eps = 0 }, t) => ({
    weight: (lr + eps) * Math.sqrt(t),
    rest: 1 - momentum,
    eps,
    first: t === 1 ? 1 : 0,
  }),
  varies: ["weight", "first"],
  reference(u, p, { weight = 0, rest = 0, eps = 0, first = 0 }, state) {
    const origin = first ? p : state[2]!;
    state[2] = origin;
    const s = state[0]! + weight * u;
    state[0] = s;
    const v = state[1]! + weight * u * u;
    state[1] = v;
    return rest * (p - (origin - s / (Math.cbrt(v) + eps || 1)));
  },
});

export type MadgradDirection = {
  readonly lr?: Hyper;
  readonly momentum?: Hyper;
  readonly eps?: Hyper;
};

/** The whole step of {@link madgrad}, to be followed by descend(1). */
export const scaleByMadgrad = (options: MadgradDirection = {}): Link => link(madgradRule, options);

/**
 * MADGRAD (Defazio & Jelassi 2022, algorithm 1): w = (lr + eps) sqrt(t), s += w g, v += w g^2, z = p_0 - s / (cbrt(v) +
 * eps), p = momentum p + (1 - momentum) z. Defaults are the paper's: lr 0.01, momentum 0.9, eps 1e-6; weightDecay 0,
 * coupled: the paper has no decoupled form.
 */
export function madgrad(options: MadgradDirection & Omit<Common, "decoupled"> = {}): Optimizer {
  checkKeys("madgrad", options, ["weightDecay", "clip", ...Object.keys(madgradRule.options)]);
  const { weightDecay = 0, clip, ...direction } = options;
  return compose([scaleByMadgrad(direction)], { lr: 1, weightDecay, decoupled: false, clip });
}
