// Optimizers by their usual names: they only compose rules. Defaults are PyTorch's.
import { checkKeys, fail } from "../core/check.ts";
import { adamRule } from "./adam.ts";
import { chain, type Link, link, type Optimizer } from "./chain.ts";
import { descendRule } from "./descend.ts";
import { decayOverLr } from "./decay_over_lr.ts";
import { momentumRule } from "./momentum.ts";
import { laterRule } from "./rule.ts";
import type { Scheduled } from "./schedule.ts";
import { weightDecayRule } from "./weight_decay.ts";

/** A number, a schedule, or a function of the step t = 0, 1, ... */
export type Hyper = Scheduled | ((t: number) => number);

/** Their own options and defaults, which their modules take from here. */
export const amsgradLater = laterRule({
  name: "amsgrad",
  options: { ...adamRule.options, epsRoot: 0, maxDebiased: 0 },
  load: () => import("./amsgrad.ts"),
});
export const epsRootLater = laterRule({
  name: "adamEpsRoot",
  options: { ...adamRule.options, epsRoot: 1e-8 },
  load: () => import("./adam_eps_root.ts"),
});
export const clipLater = laterRule({
  name: "clipByGlobalNorm",
  options: { maxNorm: 1, eps: 1e-6 },
  load: () => import("./clip_by_global_norm.ts"),
});

/** Steps along u: p -= lr u. Default lr 1e-3. */
export const descend = (lr: Hyper = 1e-3): Link => link(descendRule, { lr });

type MomentumOptions = {
  readonly momentum?: Hyper;
  readonly dampening?: Hyper;
  readonly nesterov?: boolean;
  /** true: the first step is dampened like the others, as in MLX; false: it is not, as in PyTorch. Default false. */
  readonly dampenFirst?: boolean;
};

/** Heavy-ball momentum (Polyak 1964) or Nesterov's (Sutskever et al. 2013), dampened after the first step. */
export const momentum = (options: MomentumOptions = {}): Link => link(momentumRule, options);

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
  /** Added to the second moment under the root, besides eps outside it: optax' eps_root; default 0, as everywhere. */
  readonly epsRoot?: Hyper;
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
export function scaleByAdam(given: AdamDirection = {}): Link {
  const { amsgrad = false, maxDebiased = false, epsRoot = 0, ...options } = given;
  if (maxDebiased && !amsgrad) fail("adam", "maxDebiased without amsgrad", "add amsgrad: true");
  if (amsgrad) return link(amsgradLater, { ...options, epsRoot, maxDebiased });
  return epsRoot === 0 ? link(adamRule, options) : link(epsRootLater, { ...options, epsRoot });
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

interface SgdOptions extends Clip, MomentumOptions {
  readonly lr?: Hyper;
  readonly weightDecay?: Hyper;
  readonly lrInside?: boolean;
}

/**
 * Stochastic gradient descent: PyTorch's SGD, defaults lr 1e-3, momentum 0, dampening 0, weightDecay 0 (coupled: added
 * to the gradient). The first momentum step is not dampened; with
 * dampenFirst it is, as in MLX. Nesterov needs momentum and no dampening. lrInside: b =
 * momentum b + lr g, p -= b, as Keras and TensorFlow have it, instead of lr times the momentum (PyTorch, optax); the
 * same as long as lr is.
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  checkKeys("sgd", options, [
    "lr",
    "momentum",
    "dampening",
    "nesterov",
    "weightDecay",
    "clip",
    "lrInside",
    "dampenFirst",
  ]);
  const { lr, momentum: beta = 0, dampening = 0, nesterov = false, weightDecay: decay = 0, clip } = options;
  const { dampenFirst = false } = options;
  const inside = options.lrInside === true && beta !== 0;
  if (nesterov && (beta === 0 || dampening !== 0)) {
    fail("sgd", `nesterov with momentum ${beta} and dampening ${dampening}`, "it needs a momentum and no dampening");
  }
  return chain(
    ...(clip === undefined ? [] : [clipByGlobalNorm(clip)]),
    ...(decay === 0 ? [] : [weightDecay(decay)]),
    ...(inside ? [descend(lr)] : []),
    ...(beta === 0 ? [] : [momentum({ momentum: beta, dampening, nesterov, dampenFirst })]),
    descend(inside ? 1 : lr),
  );
}

interface AdamOptions extends AdamDirection, Clip {
  readonly lr?: Hyper;
  readonly weightDecay?: Hyper;
}

const ADAM = ["lr", "weightDecay", "clip", ...Object.keys(adamRule.options), "epsRoot", "amsgrad", "maxDebiased"];

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

interface AdamwOptions extends AdamOptions {
  /** true: p -= lr weightDecay p, as every library. false: the paper's, see {@link decayOverLr}. Default true. */
  readonly decayTimesLr?: boolean;
}

/**
 * AdamW (Loshchilov & Hutter 2019): p -= lr (Adam's direction + weightDecay p). Defaults are PyTorch's: lr 1e-3,
 * weightDecay 0.01 (optax 1e-4, Keras 0.004, MLX 0.01), decoupled and multiplied by lr, as in all of them; the paper
 * multiplies it by the schedule's factor only (decayTimesLr: false).
 */
export function adamw(options: AdamwOptions = {}): Optimizer {
  checkKeys("adamw", options, [...ADAM, "decayTimesLr"]);
  const { lr = 1e-3, weightDecay: decay = 0.01, clip, decayTimesLr = true, ...direction } = options;
  return chain(
    ...(clip === undefined ? [] : [clipByGlobalNorm(clip)]),
    scaleByAdam(direction),
    weightDecay(decayTimesLr ? decay : decayOverLr("adamw", decay, lr)),
    descend(lr),
  );
}
