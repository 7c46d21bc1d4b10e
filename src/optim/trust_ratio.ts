// Layer-wise trust ratios, and the two optimizers that are made of them: LARS and LAMB.
import wgsl from "../../shaders/optim/trust_ratio.wgsl?raw";
import { checkKeys } from "../core/check.ts";
import { type Approx, exact } from "../kernel/bound.ts";
import { oneOf, ratio } from "./bounds.ts";
import { chain, type Link, link, type Optimizer } from "./chain.ts";
import { type AdamDirection, descend, type Hyper, momentum, scaleByAdam, weightDecay } from "./presets.ts";
import { reduction } from "./reduce.ts";
import { defineRule } from "./rule.ts";

const vanishes = ({ v, e }: Approx): boolean => v <= e;

export const trustRatioRule = defineRule({
  name: "trustRatio",
  wgsl,
  options: { trust: 1, eps: 0 },
  fields: ({ trust = 0, eps = 0 }) => ({ trust, eps }),
  reduces: reduction({
    fields: ["squared_u", "squared_p"],
    over: "tensor",
    terms: (u, p) => [u * u, p * p],
    termsBound: (by, u, p) => [by.multiply(u, u), by.multiply(p, p)],
  }),
  reference(u, _, { trust = 0, eps = 0, squared_u = 0, squared_p = 0 }) {
    if (squared_u === 0 || squared_p === 0) return u;
    return (u * (trust * Math.sqrt(squared_p))) / (Math.sqrt(squared_u) + eps);
  },
  bound(by, u, _, { trust, eps, squared_u, squared_p }) {
    const scaled = ratio(by, by.multiply(trust!, by.root(squared_p!)), by.add(by.root(squared_u!), eps!));
    const none = squared_u!.v === 0 || squared_p!.v === 0;
    if (!vanishes(squared_u!) && !vanishes(squared_p!)) return by.multiply(u, scaled);
    return by.multiply(u, none ? oneOf(exact(1), scaled) : oneOf(scaled, exact(1)));
  },
});

/** u trust |p| / (|u| + eps), over each tensor; defaults trust 1, eps 0. */
export const trustRatio = (options: { readonly trust?: Hyper; readonly eps?: Hyper } = {}): Link =>
  link(trustRatioRule, options);

interface LarsOptions {
  readonly lr?: Hyper;
  readonly momentum?: Hyper;
  readonly nesterov?: boolean;
  readonly trust?: Hyper;
  readonly eps?: Hyper;
  readonly weightDecay?: Hyper;
}

/**
 * LARS (You et al. 2017), in optax' order: decay, trust ratio, lr, momentum. Defaults are optax': lr 1, momentum 0.9, trust
 * 1e-3, eps 0, weightDecay 0 (added to the gradient, before the ratio).
 */
export function lars(options: LarsOptions = {}): Optimizer {
  checkKeys("lars", options, ["lr", "momentum", "nesterov", "trust", "eps", "weightDecay"]);
  const { lr = 1, momentum: beta = 0.9, nesterov = false, trust = 1e-3, eps = 0, weightDecay: decay = 0 } = options;
  return chain(
    ...(decay === 0 ? [] : [weightDecay(decay)]),
    trustRatio({ trust, eps }),
    descend(lr),
    momentum({ momentum: beta, nesterov }),
    descend(1),
  );
}

interface LambOptions extends AdamDirection {
  readonly lr?: Hyper;
  readonly weightDecay?: Hyper;
}

/**
 * LAMB (You et al. 2020, algorithm 2): Adam's direction and decay, times |p| / |direction| in each tensor. Defaults are
 * optax': lr 1e-3, eps 1e-6, weightDecay 0. Four dispatches: Adam, two for the norms, the step.
 */
export function lamb(options: LambOptions = {}): Optimizer {
  checkKeys("lamb", options, [
    "lr",
    "weightDecay",
    "beta1",
    "beta2",
    "eps",
    "debias",
    "epsHat",
    "amsgrad",
    "maxDebiased",
  ]);
  const { lr = 1e-3, weightDecay: decay = 0, eps = 1e-6, ...direction } = options;
  return chain(
    scaleByAdam({ eps, ...direction }),
    ...(decay === 0 ? [] : [weightDecay(decay)]),
    trustRatio(),
    descend(lr),
  );
}
