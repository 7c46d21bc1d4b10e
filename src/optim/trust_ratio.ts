// Layer-wise trust ratios, and the two optimizers that are made of them: LARS and LAMB.
import wgsl from "../../shaders/optim/trust_ratio.wgsl?raw";
import { checkKeys } from "../core/check.ts";
import { type Approx, exact } from "../kernel/bound.ts";
import { oneOf, ratio, smaller } from "./bounds.ts";
import { chain, type Link, link, type Optimizer } from "./chain.ts";
import { type AdamDirection, descend, type Hyper, momentum, scaleByAdam, weightDecay } from "./presets.ts";
import { reduction } from "./reduce.ts";
import { defineRule } from "./rule.ts";

/** No limit: the largest f32. */
const UNLIMITED = (2 - 2 ** -23) * 2 ** 127;

const vanishes = ({ v, e }: Approx): boolean => v <= e;

export const trustRatioRule = defineRule({
  name: "trustRatio",
  wgsl,
  options: { trust: 1, eps: 0, maxRatio: 0 },
  fields: ({ trust = 0, eps = 0, maxRatio = 0 }) => ({ trust, eps, most: maxRatio > 0 ? maxRatio : UNLIMITED }),
  reduces: reduction({
    fields: ["squared_u", "squared_p"],
    over: "tensor",
    terms: (u, p) => [u * u, p * p],
    termsBound: (by, u, p) => [by.multiply(u, u), by.multiply(p, p)],
  }),
  reference(u, _, { trust = 0, eps = 0, most = 0, squared_u = 0, squared_p = 0 }) {
    if (squared_u === 0 || squared_p === 0) return u;
    return u * Math.min((trust * Math.sqrt(squared_p)) / (Math.sqrt(squared_u) + eps), most);
  },
  bound(by, u, _, { trust, eps, most, squared_u, squared_p }) {
    const free = ratio(by, by.multiply(trust!, by.root(squared_p!)), by.add(by.root(squared_u!), eps!));
    const scaled = smaller(free, most!);
    const none = squared_u!.v === 0 || squared_p!.v === 0;
    if (!vanishes(squared_u!) && !vanishes(squared_p!)) return by.multiply(u, scaled);
    return by.multiply(u, none ? oneOf(exact(1), scaled) : oneOf(scaled, exact(1)));
  },
});

type TrustRatioOptions = {
  readonly trust?: Hyper;
  readonly eps?: Hyper;
  /** The most that the ratio may be; 0 is no limit. */
  readonly maxRatio?: Hyper;
};

/** u min(trust |p| / (|u| + eps), maxRatio), over each tensor; defaults trust 1, eps 0, no maxRatio. */
export const trustRatio = (options: TrustRatioOptions = {}): Link => link(trustRatioRule, options);

interface LarsOptions {
  readonly lr?: Hyper;
  readonly momentum?: Hyper;
  readonly nesterov?: boolean;
  readonly trust?: Hyper;
  readonly eps?: Hyper;
  readonly weightDecay?: Hyper;
  /** true: momentum of the steps with their lr, as the paper and optax; false: lr times the momentum, as timm. Default true. */
  readonly lrInside?: boolean;
}

/**
 * LARS (You et al. 2017), in optax' order: u = g + weightDecay p, b = momentum b + lr trust |p| / (|u| + eps) u in each tensor,
 * p -= b. Defaults are optax': lr 1, momentum 0.9, trust 1e-3, eps 0, weightDecay 0. The paper and timm divide by |g| +
 * weightDecay |p|. To leave out biases, as most do, give them sgd in groups().
 */
export function lars(options: LarsOptions = {}): Optimizer {
  checkKeys("lars", options, ["lr", "momentum", "nesterov", "trust", "eps", "weightDecay", "lrInside"]);
  const { lr = 1, momentum: beta = 0.9, nesterov = false, trust = 1e-3, eps = 0, weightDecay: decay = 0 } = options;
  const { lrInside = true } = options;
  return chain(
    ...(decay === 0 ? [] : [weightDecay(decay)]),
    trustRatio({ trust, eps }),
    ...(lrInside ? [descend(lr)] : []),
    momentum({ momentum: beta, nesterov }),
    descend(lrInside ? 1 : lr),
  );
}

interface LambOptions extends AdamDirection {
  readonly lr?: Hyper;
  /** The most that the trust ratio may be: 1 in timm's lambc; 0, the default, is no limit, as optax. */
  readonly maxRatio?: Hyper;
  readonly weightDecay?: Hyper;
}

/**
 * LAMB (You et al. 2020, algorithm 2): u = Adam's direction + weightDecay p, p -= lr |p| / |u| u in each tensor. Defaults are
 * optax': lr 1e-3, beta1 0.9, beta2 0.999, eps 1e-6, weightDecay 0. debias: false is NVIDIA's without bias correction. Four dispatches: Adam, two for the norms, the step.
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
    "epsRoot",
    "maxRatio",
    "amsgrad",
    "maxDebiased",
  ]);
  const { lr = 1e-3, weightDecay: decay = 0, eps = 1e-6, maxRatio = 0, ...direction } = options;
  return chain(
    scaleByAdam({ eps, ...direction }),
    ...(decay === 0 ? [] : [weightDecay(decay)]),
    trustRatio({ maxRatio }),
    descend(lr),
  );
}
