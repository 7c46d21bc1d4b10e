// Adadelta: the gradient by the ratio of two root mean squares, of the steps taken and of the gradients.
import wgsl from "../../shaders/optim/adadelta.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";

export const adadeltaRule = defineRule({
  name: "adadelta",
  wgsl,
  options: { rho: 0.9, eps: 1e-6 },
  state: ["v", "d"],
  fields: ({ rho = 0, eps = 0 }) => ({ rho, rest: 1 - rho, eps }),
  reference(u, _, { rho = 0, rest = 0, eps = 0 }, s) {
    const v = rho * s[0]! + rest * u * u;
    s[0] = v;
    const moved = (Math.sqrt(s[1]! + eps) / (Math.sqrt(v + eps) || 1)) * u;
    s[1] = rho * s[1]! + rest * moved * moved;
    return moved;
  },
});

export type AdadeltaOptions = {
  readonly rho?: Hyper;
  readonly eps?: Hyper;
};

/** sqrt(d + eps) / sqrt(v + eps) u; defaults are PyTorch's: rho 0.9, eps 1e-6. */
export const scaleByAdadelta = (options: AdadeltaOptions = {}): Link => link(adadeltaRule, options);

/**
 * Adadelta (Zeiler 2012, algorithm 1): v = rho v + (1 - rho) g^2, u = sqrt(d + eps) / sqrt(v + eps) g, d = rho d + (1 -
 * rho) u^2, p -= lr u. Defaults are PyTorch's: lr 1 (Keras and TensorFlow.js have 1e-3, which makes it crawl), rho 0.9
 * (Keras: 0.95), eps 1e-6, weightDecay 0 (coupled).
 */
export const adadelta = preset<AdadeltaOptions>("adadelta", {
  lr: 1,
  keys: Object.keys(adadeltaRule.options),
  direction: scaleByAdadelta,
});
