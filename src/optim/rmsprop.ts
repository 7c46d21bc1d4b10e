// RMSProp: the gradient over its root mean square, with momentum after that.
import wgsl from "../../shaders/optim/rmsprop.wgsl?raw";
import { checkKeys, fail } from "../core/check.ts";
import { type Link, link, type Optimizer } from "./chain.ts";
import { type Common, compose } from "./compose.ts";
import { descend, type Hyper, momentum as momentumLink } from "./presets.ts";
import { rmspropCenteredRule } from "./rmsprop_centered.ts";
import { defineRule } from "./rule.ts";
import { debiasing } from "./scales.ts";

export const rmspropRule = defineRule({
  name: "rmsprop",
  wgsl,
  options: { alpha: 0.99, eps: 1e-8, initial: 0, seeded: 0, epsInside: 0, debias: 0 },
  state: ["v"],
  fields: ({ alpha = 0, eps = 0, initial = 0, seeded = 0, epsInside = 0, debias = 0 }, t) => ({
    alpha,
    rest: seeded && t === 1 ? 1 : 1 - alpha,
    start: t === 1 ? alpha * initial : 0,
    v_scale: debias ? debiasing(alpha, t) : 1,
    eps_root: epsInside ? eps : 0,
    eps: epsInside ? 0 : eps,
  }),
  varies: ["rest", "start", "v_scale"],
  reference(u, _, { alpha = 0, rest = 0, start = 0, v_scale = 0, eps_root = 0, eps = 0 }, s) {
    const v = alpha * s[0]! + rest * u * u + start;
    s[0] = v;
    return u / (Math.sqrt(v * v_scale + eps_root) + eps || 1);
  },
});

export type RmspropDirection = {
  readonly alpha?: Hyper;
  readonly eps?: Hyper;
  /** Divides by the root of v - m^2, m the running mean of u. */
  readonly centered?: boolean;
  /**
   * v before the first step: 0 (PyTorch, Keras, and optax' initial_scale), 1 (TensorFlow 1), or "gradient": v is the first u^2. Default 0.
   */
  readonly start?: number | "gradient";
  /**
   * true: u / sqrt(v + eps), as optax, Keras and TensorFlow.js; false: u / (sqrt(v) + eps), as PyTorch. Default false.
   */
  readonly epsInside?: boolean;
  /** Divides the means by 1 - alpha^t, as optax' bias_correction; default false, as everywhere. */
  readonly debias?: boolean;
};

/** u / (sqrt(v) + eps), v the running mean of u^2; defaults are PyTorch's: alpha 0.99 (optax, Keras: 0.9), eps 1e-8. */
export function scaleByRmsprop(options: RmspropDirection = {}): Link {
  const { centered = false, start = 0, ...rest } = options;
  const from = start === "gradient" ? { seeded: true } : { initial: start };
  return link(centered ? rmspropCenteredRule : rmspropRule, { ...rest, ...from });
}

export interface RmspropOptions extends RmspropDirection, Common {
  readonly momentum?: Hyper;
  /** Nesterov's momentum, which only optax has here; default false. */
  readonly nesterov?: boolean;
  /**
   * true: momentum of lr u, as Keras, TensorFlow and optax; false: lr times the momentum of u, as PyTorch. Equal while
   * lr is.
   */
  readonly lrInside?: boolean;
}

const KEYS = ["lr", "weightDecay", "decoupled", "clip", "alpha", "eps", "centered", "start", "epsInside", "debias"];

/**
 * RMSProp (Tieleman & Hinton 2012; centered: Graves 2013): v = alpha v + (1 - alpha) g^2, b = momentum b + g / (sqrt(v)
 * + eps), p -= lr b. Defaults are PyTorch's: lr 0.01, alpha 0.99, eps 1e-8 outside the root, momentum 0, not centered,
 * weightDecay 0 (coupled).
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  checkKeys("rmsprop", options, [...KEYS, "momentum", "nesterov", "lrInside"]);
  const { lr = 0.01, weightDecay = 0, decoupled = false, clip, ...own } = options;
  const { momentum = 0, nesterov = false, lrInside = false, ...direction } = own;
  if (nesterov && momentum === 0) fail("rmsprop", "nesterov without momentum", "give a momentum");
  const inside = lrInside && momentum !== 0;
  const links = [
    scaleByRmsprop(direction),
    ...(inside ? [descend(lr)] : []),
    ...(momentum === 0 ? [] : [momentumLink({ momentum, nesterov })]),
  ];
  return compose(links, { lr: inside ? 1 : lr, weightDecay, decoupled, clip });
}
