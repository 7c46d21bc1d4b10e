// Fromage: a relative step in each tensor, and the shrinking that keeps norms.
import wgsl from "../../shaders/optim/fromage.wgsl?raw";
import { chain, link, type Optimizer } from "./chain.ts";
import { descend, type Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";
import { trustRatio } from "./trust_ratio.ts";

export const fromageRule = defineRule({
  name: "fromage",
  wgsl,
  options: { lr: 1e-3 },
  fields({ lr = 0 }) {
    const shrink = 1 / Math.sqrt(1 + lr * lr);
    // 1 - shrink without cancellation.
    return { step: lr * shrink, rest: (lr * lr * shrink * shrink) / (1 + shrink) };
  },
  reference: (u, p, { step = 0, rest = 0 }) => step * u + rest * p,
  bound: (by, u, p, { step, rest }) => by.add(by.multiply(step!, u), by.multiply(rest!, p)),
});

/** Fromage (Bernstein et al. 2020): p = (p - lr |p| / |g| g) / sqrt(1 + lr^2) in each tensor. Default lr 1e-3. */
export const fromage = ({ lr = 1e-3 }: { readonly lr?: Hyper } = {}): Optimizer =>
  chain(trustRatio(), link(fromageRule, { lr }), descend(1));
