// NovoGrad: one second moment a tensor.
import wgsl from "../../shaders/optim/novograd.wgsl?raw";
import { blend, ratio } from "./bounds.ts";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import type { Hyper } from "./presets.ts";
import { reduction } from "./reduce.ts";
import { defineRule } from "./rule.ts";

export const novogradRule = defineRule({
  name: "novograd",
  wgsl,
  options: { beta1: 0.9, beta2: 0.25, eps: 1e-6, decay: 0, averaged: 0 },
  state: ["m"],
  fields: ({ beta1 = 0, beta2 = 0, eps = 0, decay = 0, averaged = 0 }, t) => ({
    beta1,
    rest1: averaged ? 1 - beta1 : 1,
    beta2,
    rest: t === 1 ? 1 : 1 - beta2,
    eps,
    decay,
  }),
  varies: ["rest"],
  reduces: reduction({
    fields: ["v"],
    over: "tensor",
    keeps: true,
    terms: (u) => [u * u],
    termsBound: (by, u) => [by.multiply(u, u)],
    settle: ([sum = 0], _, { beta2 = 0, rest = 0 }, [v = 0]) => [beta2 * v + rest * sum],
    settleBound: (by, [sum], _, { beta2, rest }, [v]) => [by.add(by.multiply(beta2!, v!), by.multiply(rest!, sum!))],
  }),
  reference(u, p, { beta1 = 0, rest1 = 0, eps = 0, decay = 0, v = 0 }, s) {
    const root = Math.sqrt(v) + eps;
    s[0] = beta1 * s[0]! + rest1 * (u / (root === 0 ? 1 : root) + decay * p);
    return s[0];
  },
  bound(by, u, p, { beta1, rest1, eps, decay, v }, s) {
    const direction = by.add(ratio(by, u, by.add(by.root(v!), eps!)), by.multiply(decay!, p));
    s[0] = blend(by, beta1!, s[0]!, rest1!, direction);
    return s[0];
  },
});

export type NovogradOptions = {
  readonly beta1?: Hyper;
  readonly beta2?: Hyper;
  readonly eps?: Hyper;
  /** Decay that goes through the momentum, as the paper has it. */
  readonly decay?: Hyper;
  /** true: m = beta1 m + (1 - beta1) (...), NVIDIA's grad_averaging; false: the paper's sum, as optax. Default false. */
  readonly averaged?: boolean;
};

export const scaleByNovograd = (options: NovogradOptions = {}): Link => link(novogradRule, options);

/**
 * NovoGrad (Ginsburg et al. 2019): m = beta1 m + (g / (sqrt(v) + eps) + decay p), v the running mean of |g|^2 in each
 * tensor, |g|^2 at first; p -= lr m. Defaults are optax': lr 1e-3, beta1 0.9, beta2 0.25 (the paper 0.95, 0.98), eps 1e-6, decay 0. weightDecay
 * besides stands outside the momentum.
 */
export const novograd = preset<NovogradOptions>("novograd", {
  lr: 1e-3,
  keys: Object.keys(novogradRule.options),
  direction: scaleByNovograd,
});
