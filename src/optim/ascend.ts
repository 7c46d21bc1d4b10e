// Sharpness-aware minimization: the gradient is taken twice, the second time where the first one leads uphill.
import wgsl from "../../shaders/optim/ascend.wgsl?raw";
import { checkKeys, fail } from "../core/check.ts";
import { type Approx, type Bounds, exact } from "../kernel/bound.ts";
import { magnitude, ratio } from "./bounds.ts";
import { link, type Optimizer } from "./chain.ts";
import type { Hyper } from "./presets.ts";
import { reduction } from "./reduce.ts";
import { defineRule, type Values } from "./rule.ts";

const weightOf = (p: number, { eta = 0, adaptive = 0 }: Values): number => (adaptive ? Math.abs(p) + eta : 1);

type Fields = Readonly<Record<string, Approx>>;
const weightBound = (by: Bounds, p: Approx, { eta, adaptive }: Fields): Approx =>
  adaptive!.v ? by.add(magnitude(p), eta!) : exact(1);

export const ascendRule = defineRule({
  name: "ascend",
  wgsl,
  options: { rho: 0.05, eta: 0, adaptive: 0 },
  state: ["kept"],
  aside: "kept",
  fields: ({ rho = 0, eta = 0, adaptive = 0 }) => ({ rho, eta, adaptive }),
  reduces: reduction({
    fields: ["squared_norm"],
    over: "run",
    terms: (u, p, f) => [(weightOf(p, f) * u) ** 2],
    termsBound(by, u, p, f) {
      const weighted = by.multiply(weightBound(by, p, f), u);
      return [by.multiply(weighted, weighted)];
    },
  }),
  reference(u, p, f, s) {
    const norm = Math.sqrt(f.squared_norm ?? 0);
    s[0] = p;
    return -((f.rho ?? 0) * weightOf(p, f) ** 2 * u) / (norm === 0 ? 1 : norm);
  },
  bound(by, u, p, f, s) {
    s[0] = p;
    const weight = weightBound(by, p, f);
    const scaled = by.multiply(by.multiply(by.multiply(f.rho!, weight), weight), u);
    return by.negate(ratio(by, scaled, by.root(f.squared_norm!)));
  },
});

interface SamOptions {
  readonly rho?: Hyper;
  readonly adaptive?: boolean;
  readonly eta?: Hyper;
}

/**
 * SAM (Foret et al. 2021): inner's step at p with the gradient of p + rho g / |g|, over all parameters. Two forward and
 * backward passes a step; the loss reported is that at p. The norm is over all parameters, so that inner has no groups; sam
 * may be the optimizer of a group. With accumulate, in either order, every batch moves p aside by its own gradient, and the second
 * gradients are what is accumulated. adaptive (Kwon et al. 2021): p + rho T T g / |T g|, T = |p| + eta.
 * Defaults rho 0.05, eta 0.01.
 */
export function sam(inner: Optimizer, options: SamOptions = {}): Optimizer {
  checkKeys("sam", options, ["rho", "adaptive", "eta"]);
  if (inner.groups) fail("sam", "inner has groups of parameters, its norm is over all of them", "use sam in groups()");
  if (inner.links.some(({ rule }) => rule === ascendRule.name)) {
    fail("sam", "inner is sam itself", "a step has two gradients at most");
  }
  const { adaptive = false, rho, eta = 0.01 } = options;
  return { kind: "chain", links: [link(ascendRule, { rho, adaptive, eta: adaptive ? eta : 0 }), ...inner.links] };
}
