// Optimizers by their usual names: they only compose rules. Defaults are PyTorch's.
import { checkKeys, fail } from "../core/check.ts";
import { adamRule } from "./adam.ts";
import { chain, type Link, link, type Optimizer } from "./chain.ts";
import { clipByGlobalNormRule } from "./clip_by_global_norm.ts";
import { descendRule } from "./descend.ts";
import { momentumRule } from "./momentum.ts";
import type { Scheduled } from "./schedule.ts";
import { weightDecayRule } from "./weight_decay.ts";

/** A number, a schedule, or a function of the step t = 0, 1, ... */
export type Hyper = Scheduled | ((t: number) => number);

/** Steps along u: p -= lr u. Default lr 1e-3. */
export const descend = (lr: Hyper = 1e-3): Link => link(descendRule, { lr });

/** Heavy-ball momentum (Polyak 1964) or Nesterov's (Sutskever et al. 2013), dampened after the first step. */
export const momentum = (options: { momentum?: Hyper; dampening?: Hyper; nesterov?: boolean } = {}): Link =>
  link(momentumRule, options);

/** Adam's direction (Kingma & Ba 2015): defaults beta1 0.9, beta2 0.999, eps 1e-8 (outside the root, after debiasing). */
export const scaleByAdam = (options: { beta1?: Hyper; beta2?: Hyper; eps?: Hyper } = {}): Link => link(adamRule, options);

/** u + decay p: before a rule L2 regularization, after it decoupled decay. Default 0.01. */
export const weightDecay = (decay: Hyper = 0.01): Link => link(weightDecayRule, { weightDecay: decay });

/** u min(1, maxNorm / (norm + eps)) by the norm of all gradients; eps 1e-6 is PyTorch's, 0 optax'. */
export const clipByGlobalNorm = (maxNorm: Hyper = 1, options: { eps?: number } = {}): Link =>
  link(clipByGlobalNormRule, { maxNorm, ...options });

interface Clip {
  /** Clips the gradients' global norm first. */
  readonly clip?: number;
}

/**
 * Stochastic gradient descent: PyTorch's SGD, defaults lr 1e-3, momentum 0, dampening 0, weightDecay 0 (coupled: added to the gradient).
 * The first momentum step is not dampened. Nesterov needs momentum and no dampening.
 */
export function sgd(
  options: { lr?: Hyper; momentum?: Hyper; dampening?: Hyper; nesterov?: boolean; weightDecay?: Hyper } & Clip = {},
): Optimizer {
  checkKeys("sgd", options, ["lr", "momentum", "dampening", "nesterov", "weightDecay", "clip"]);
  const { lr, momentum: beta = 0, dampening = 0, nesterov = false, weightDecay: decay = 0, clip } = options;
  if (nesterov && (beta === 0 || dampening !== 0)) {
    fail("sgd", `nesterov with momentum ${beta} and dampening ${dampening}`, "it needs a momentum and no dampening");
  }
  return chain(
    ...(clip === undefined ? [] : [clipByGlobalNorm(clip)]),
    ...(decay === 0 ? [] : [weightDecay(decay)]),
    ...(beta === 0 ? [] : [momentum({ momentum: beta, dampening, nesterov })]),
    descend(lr),
  );
}

interface AdamOptions extends Clip {
  readonly lr?: Hyper;
  readonly beta1?: Hyper;
  readonly beta2?: Hyper;
  readonly eps?: Hyper;
  readonly weightDecay?: Hyper;
}

const ADAM = ["lr", "beta1", "beta2", "eps", "weightDecay", "clip"];

const given = <T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;

/** Adam (Kingma & Ba 2015, algorithm 1): PyTorch's Adam, lr 1e-3; weightDecay (0) is coupled: added to the gradient. */
export function adam(options: AdamOptions = {}): Optimizer {
  checkKeys("adam", options, ADAM);
  const { lr, beta1, beta2, eps, weightDecay: decay = 0, clip } = options;
  return chain(
    ...(clip === undefined ? [] : [clipByGlobalNorm(clip)]),
    ...(decay === 0 ? [] : [weightDecay(decay)]),
    scaleByAdam(given({ beta1, beta2, eps })),
    descend(lr),
  );
}

/** AdamW (Loshchilov & Hutter 2019): PyTorch's AdamW, lr 1e-3; weightDecay 0.01 is decoupled and, as there, multiplied by lr. */
export function adamw(options: AdamOptions = {}): Optimizer {
  checkKeys("adamw", options, ADAM);
  const { lr, beta1, beta2, eps, weightDecay: decay = 0.01, clip } = options;
  return chain(
    ...(clip === undefined ? [] : [clipByGlobalNorm(clip)]),
    scaleByAdam(given({ beta1, beta2, eps })),
    weightDecay(decay),
    descend(lr),
  );
}
