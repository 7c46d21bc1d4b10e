// Optimizers by their usual names: they only compose rules. Defaults are PyTorch's.
import { checkKeys, fail } from "../core/check.ts";
import { adamRule } from "./adam.ts";
import { chain, type Link, link, type Optimizer } from "./chain.ts";
import { descendRule } from "./descend.ts";
import { momentumRule } from "./momentum.ts";
import { laterRule } from "./rule.ts";
import type { Scheduled } from "./schedule.ts";
import { weightDecayRule } from "./weight_decay.ts";

/** A number, a schedule, or a function of the step t = 0, 1, ... */
export type Hyper = Scheduled | ((t: number) => number);

/** Their own options and defaults, which their modules take from here. */
export const amsgradLater = laterRule({
  name: "amsgrad",
  options: { ...adamRule.options, maxDebiased: 0 },
  load: () => import("./amsgrad.ts"),
});
export const clipLater = laterRule({
  name: "clipByGlobalNorm",
  options: { maxNorm: 1, eps: 1e-6 },
  load: () => import("./clip_by_global_norm.ts"),
});

/** Steps along u: p -= lr u. Default lr 1e-3. */
export const descend = (lr: Hyper = 1e-3): Link => link(descendRule, { lr });

/** Heavy-ball momentum (Polyak 1964) or Nesterov's (Sutskever et al. 2013), dampened after the first step. */
export const momentum = (options: { momentum?: Hyper; dampening?: Hyper; nesterov?: boolean } = {}): Link =>
  link(momentumRule, options);

export interface AdamDirection {
  readonly beta1?: Hyper;
  readonly beta2?: Hyper;
  readonly eps?: Hyper;
  /**
   * Divides m by 1 - beta1^t and v by 1 - beta2^t; default true. MLX' default is false, the AMSGrad paper has it false.
   */
  readonly debias?: boolean;
  /**
   * true: eps is added before v is debiased ("epsilon hat", Kingma & Ba 2015, section 2), as Keras and TensorFlow.
   * Default false.
   */
  readonly epsHat?: boolean;
  /** Divides by the largest v so far (Reddi et al. 2018); default false. */
  readonly amsgrad?: boolean;
  /**
   * With amsgrad: the maximum is of the debiased v, as in optax, not of the raw v, as in PyTorch and Keras. Default
   * false.
   */
  readonly maxDebiased?: boolean;
}

/**
 * Adam's direction (Kingma & Ba 2015): defaults beta1 0.9, beta2 0.999, eps 1e-8 (outside the root, after debiasing).
 */
export function scaleByAdam({ amsgrad = false, maxDebiased = false, ...options }: AdamDirection = {}): Link {
  if (maxDebiased && !amsgrad) fail("adam", "maxDebiased without amsgrad", "add amsgrad: true");
  return amsgrad ? link(amsgradLater, { ...options, maxDebiased }) : link(adamRule, options);
}

/** u + decay p: before a rule L2 regularization, after it decoupled decay. Default 0.01. */
export const weightDecay = (decay: Hyper = 0.01): Link => link(weightDecayRule, { weightDecay: decay });

/** u min(1, maxNorm / (norm + eps)) by the norm of all gradients; eps 1e-6 is PyTorch's, 0 optax'. */
export const clipByGlobalNorm = (maxNorm: Hyper = 1, options: { eps?: number } = {}): Link =>
  link(clipLater, { maxNorm, ...options });

interface Clip {
  /** Clips the gradients' global norm first. */
  readonly clip?: number;
}

interface SgdOptions extends Clip {
  readonly lr?: Hyper;
  readonly momentum?: Hyper;
  readonly dampening?: Hyper;
  readonly nesterov?: boolean;
  readonly weightDecay?: Hyper;
  readonly lrInside?: boolean;
}

/**
 * Stochastic gradient descent: PyTorch's SGD, defaults lr 1e-3, momentum 0, dampening 0, weightDecay 0 (coupled: added
 * to the gradient). The first momentum step is not dampened. Nesterov needs momentum and no dampening. lrInside: b =
 * momentum b + lr g, p -= b, as Keras and TensorFlow have it, instead of lr times the momentum (PyTorch, optax); the
 * same as long as lr is.
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  checkKeys("sgd", options, ["lr", "momentum", "dampening", "nesterov", "weightDecay", "clip", "lrInside"]);
  const { lr, momentum: beta = 0, dampening = 0, nesterov = false, weightDecay: decay = 0, clip } = options;
  const inside = options.lrInside === true && beta !== 0;
  if (nesterov && (beta === 0 || dampening !== 0)) {
    fail("sgd", `nesterov with momentum ${beta} and dampening ${dampening}`, "it needs a momentum and no dampening");
  }
  return chain(
    ...(clip === undefined ? [] : [clipByGlobalNorm(clip)]),
    ...(decay === 0 ? [] : [weightDecay(decay)]),
    ...(inside ? [descend(lr)] : []),
    ...(beta === 0 ? [] : [momentum({ momentum: beta, dampening, nesterov })]),
    descend(inside ? 1 : lr),
  );
}

interface AdamOptions extends AdamDirection, Clip {
  readonly lr?: Hyper;
  readonly weightDecay?: Hyper;
}

const ADAM = ["lr", "weightDecay", "clip", ...Object.keys(adamRule.options), "amsgrad", "maxDebiased"];

/**
 * Adam (Kingma & Ba 2015, algorithm 1): m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, p -= lr m / (1 -
 * beta1^t) / (sqrt(v / (1 - beta2^t)) + eps). Defaults are PyTorch's: lr 1e-3, beta1 0.9, beta2 0.999, eps 1e-8 (Keras,
 * TensorFlow.js 1e-7), weightDecay 0, coupled: added to the gradient.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  checkKeys("adam", options, ADAM);
  const { lr, weightDecay: decay = 0, clip, ...direction } = options;
  return chain(
    ...(clip === undefined ? [] : [clipByGlobalNorm(clip)]),
    ...(decay === 0 ? [] : [weightDecay(decay)]),
    scaleByAdam(direction),
    descend(lr),
  );
}

/**
 * AdamW (Loshchilov & Hutter 2019): PyTorch's AdamW, lr 1e-3; weightDecay 0.01 is decoupled and, as there, multiplied
 * by lr.
 */
export function adamw(options: AdamOptions = {}): Optimizer {
  checkKeys("adamw", options, ADAM);
  const { lr, weightDecay: decay = 0.01, clip, ...direction } = options;
  return chain(
    ...(clip === undefined ? [] : [clipByGlobalNorm(clip)]),
    scaleByAdam(direction),
    weightDecay(decay),
    descend(lr),
  );
}
