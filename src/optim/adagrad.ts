// Adagrad: the gradient over the root of the sum of its squares.
import wgsl from "../../shaders/optim/adagrad.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";

export const adagradRule = defineRule({
  name: "adagrad",
  wgsl,
  options: { eps: 1e-10, initial: 0, lrDecay: 0, epsInside: 0 },
  state: ["s"],
  fields: ({ eps = 0, initial = 0, lrDecay = 0, epsInside = 0 }, t) => ({
    start: t === 1 ? initial : 0,
    rate: 1 / (1 + (t - 1) * lrDecay),
    eps_root: epsInside ? eps : 0,
    eps: epsInside ? 0 : eps,
  }),
  varies: ["start", "rate"],
  reference(u, _, { start = 0, rate = 0, eps_root = 0, eps = 0 }, state) {
    const [s = 0] = state;
    state[0] = s + start + u * u;
    return (rate * u) / (Math.sqrt(state[0] + eps_root) + eps || 1);
  },
});

export type AdagradOptions = {
  readonly eps?: Hyper;
  /** The sum of squares before the first step: 0 in PyTorch; 0.1 in optax, Keras and TensorFlow.js. */
  readonly initial?: Hyper;
  /** Divides lr by 1 + (t - 1) lrDecay. */
  readonly lrDecay?: Hyper;
  /**
   * true: u / sqrt(s + eps), as optax and Keras (eps 1e-7); false: u / (sqrt(s) + eps), as PyTorch (1e-10) and MLX
   * (1e-8).
   */
  readonly epsInside?: boolean;
};

/** u / (sqrt(s) + eps), s the sum of u^2; defaults eps 1e-10 outside the root, initial 0, lrDecay 0 (PyTorch's). */
export const scaleByAdagrad = (options: AdagradOptions = {}): Link => link(adagradRule, options);

/**
 * Adagrad (Duchi, Hazan & Singer 2011): s += g^2, p -= lr / (1 + (t - 1) lrDecay) g / (sqrt(s) + eps). Defaults are
 * PyTorch's: lr 0.01, eps 1e-10 outside the root, initial 0, lrDecay 0, weightDecay 0 (coupled).
 */
export const adagrad = preset<AdagradOptions>("adagrad", {
  lr: 0.01,
  keys: Object.keys(adagradRule.options),
  direction: scaleByAdagrad,
});
