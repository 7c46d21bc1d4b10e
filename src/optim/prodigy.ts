// Prodigy: Adam without a learning rate to choose.
import wgsl from "../../shaders/optim/prodigy.wgsl?raw";
import { checkKeys } from "../core/check.ts";
import type { Approx } from "../kernel/bound.ts";
import { larger, magnitude, ratio } from "./bounds.ts";
import { chain, link, type Optimizer } from "./chain.ts";
import { descend, type Hyper } from "./presets.ts";
import { prodigySumsRule, rateOf } from "./prodigy_sums.ts";
import { reduction } from "./reduce.ts";
import { defineRule } from "./rule.ts";

export const prodigyRule = defineRule({
  name: "prodigy",
  wgsl,
  options: { lr: 1, beta1: 0.9, beta2: 0.999, eps: 1e-8, d0: 1e-6, coefficient: 1, decay: 0 },
  borrows: ["m", "v", "sum", "origin"],
  fields(h, t) {
    const { beta2 = 0, d0 = 0, coefficient = 0, eps = 0, decay = 0 } = h;
    return { beta3: Math.sqrt(beta2), rate: rateOf(h, t), d0, first: t === 1 ? 1 : 0, coefficient, eps, decay };
  },
  varies: ["rate", "first"],
  reduces: reduction({
    fields: ["d", "numerator", "before"],
    over: "run",
    keeps: true,
    terms: (u, p, _, [, , sum = 0, origin = 0]) => [u * (origin - p), Math.abs(sum)],
    termsBound: (by, u, p, _, [, , sum, origin]) => [by.multiply(u, by.subtract(origin!, p)), magnitude(sum!)],
    settle([dot = 0, sum = 0], _, { beta3 = 0, rate = 0, d0 = 1, first = 0, coefficient = 0 }, [known = 0, last = 0]) {
      const d = first ? d0 : known;
      const numerator = beta3 * last + (d / d0) * rate * d * dot;
      return [Math.max(d, (coefficient * numerator) / (sum === 0 ? 1 : sum)), numerator, d];
    },
    settleBound(by, [dot, sum], _, { beta3, rate, d0, first, coefficient }, [known, last]) {
      const d: Approx = first!.v ? d0! : known!;
      const fresh = by.multiply(by.multiply(by.divide(d, d0!), by.multiply(rate!, d)), dot!);
      const numerator = by.add(by.multiply(beta3!, last!), fresh);
      return [larger(d, ratio(by, by.multiply(coefficient!, numerator), sum!)), numerator, d];
    },
  }),
  reference(_, p, { rate = 0, before = 0, decay = 0, d = 0, eps = 0 }, [m = 0, v = 0]) {
    const root = Math.sqrt(v) + d * eps;
    return rate * before * (decay * p + m / (root === 0 ? 1 : root));
  },
  bound(by, _, p, { rate, before, decay, d, eps }, [m, v]) {
    const direction = ratio(by, m!, by.add(by.root(v!), by.multiply(d!, eps!)));
    return by.multiply(by.multiply(rate!, before!), by.add(by.multiply(decay!, p), direction));
  },
});

interface ProdigyOptions {
  readonly lr?: Hyper;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly eps?: Hyper;
  readonly d0?: number;
  readonly coefficient?: number;
  readonly weightDecay?: Hyper;
}

/**
 * Prodigy (Mishchenko & Defazio 2023), in optax' form: p -= lr d (Adam's direction + weightDecay p), d the estimated distance
 * to the solution, over all parameters. Defaults: lr 1, beta1 0.9, beta2 0.999, eps 1e-8, d0 1e-6, coefficient 1,
 * weightDecay 0. Four dispatches: sums, two for the estimate, the step.
 */
export function prodigy(options: ProdigyOptions = {}): Optimizer {
  checkKeys("prodigy", options, ["lr", "beta1", "beta2", "eps", "d0", "coefficient", "weightDecay"]);
  const { lr = 1, beta1 = 0.9, beta2 = 0.999, d0 = 1e-6, eps, coefficient, weightDecay: decay = 0 } = options;
  const common = { lr, beta1, beta2, d0 };
  return chain(link(prodigySumsRule, common), link(prodigyRule, { ...common, eps, coefficient, decay }), descend(1));
}
