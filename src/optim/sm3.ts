// SM3: Adagrad with one accumulator a row and a column.
import wgsl from "../../shaders/optim/sm3.wgsl?raw";
import { type Approx, type Bounds, exact } from "../kernel/bound.ts";
import { blend, ratio, smaller } from "./bounds.ts";
import { type Link, link } from "./chain.ts";
import { preset } from "./compose.ts";
import { lineReduction } from "./lines.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";

const accumulated = (by: Bounds, u: Approx, row: Approx, col: Approx): Approx =>
  by.add(by.multiply(u, u), smaller(row, col));

export const sm3Rule = defineRule({
  name: "sm3",
  wgsl,
  options: { momentum: 0.9, eps: 1e-8 },
  state: ["m"],
  fields: ({ momentum = 0, eps = 0 }) => ({ beta1: momentum, rest1: 1 - momentum, eps }),
  reduces: lineReduction({
    fields: ["row_v", "col_v", "row_old", "col_old"],
    kept: ["v", "old"],
    largest: true,
    keeps: true,
    terms: (u, _, { row_v = 0, col_v = 0 }) => [u * u + Math.min(row_v, col_v)],
    termsBound: (by, u, _, { row_v, col_v }) => [accumulated(by, u, row_v!, col_v!)],
    settle: ([largest = 0], _, __, [v = 0]) => [largest, v],
    settleBound: (_, [largest], __, ___, [v]) => [largest!, v!],
  }),
  reference(u, _, { beta1 = 0, rest1 = 0, eps = 0, row_old = 0, col_old = 0 }, s) {
    const root = Math.sqrt(u * u + Math.min(row_old, col_old) + eps);
    s[0] = beta1 * s[0]! + rest1 * (u / (root || 1));
    return s[0];
  },
  bound(by, u, _, { beta1, rest1, eps, row_old, col_old }, s) {
    const root = by.root(by.add(accumulated(by, u, row_old ?? exact(0), col_old ?? exact(0)), eps!));
    s[0] = blend(by, beta1!, s[0]!, rest1!, ratio(by, u, root));
    return s[0];
  },
});

export type Sm3Options = {
  readonly momentum?: Hyper;
  /** Under the root. */
  readonly eps?: Hyper;
};

export const scaleBySm3 = (options: Sm3Options = {}): Link => link(sm3Rule, options);

/**
 * SM3 (Anil et al. 2019, SM3-II): v = g^2 + min(row, column), row and column become the largest v along them, m = momentum m +
 * (1 - momentum) g / sqrt(v + eps), p -= lr m. A bias is one row, so that its columns are its numbers: Adagrad. Tensors of more
 * than two dimensions are taken as matrices [the others, last], where optax keeps an accumulator for each axis. Defaults are
 * optax': momentum 0.9, eps 1e-8; lr 0.1. State: rows + columns + 1 a parameter.
 */
export const sm3 = preset<Sm3Options>("sm3", { lr: 0.1, keys: Object.keys(sm3Rule.options), direction: scaleBySm3 });
