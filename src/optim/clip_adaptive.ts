// Adaptive gradient clipping: by each unit's norm beside that of its parameters.
import wgsl from "../../shaders/optim/clip_adaptive.wgsl?raw";
import { constant, exact } from "../kernel/bound.ts";
import { larger, smaller } from "./bounds.ts";
import { type Link, link } from "./chain.ts";
import { lineReduction } from "./lines.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";

/** The least norm that is divided by, as in optax. */
const LEAST = 1e-6;

export const clipAdaptiveRule = defineRule({
  name: "clipAdaptive",
  wgsl,
  options: { limit: 0.01, eps: 1e-3 },
  matrix: true,
  fields: ({ limit = 0, eps = 0 }) => ({ limit, eps }),
  reduces: lineReduction({
    fields: ["row_g", "row_p", "col_g", "col_p"],
    kept: ["g", "p"],
    terms: (u, p) => [u * u, p * p],
    termsBound: (by, u, p) => [by.multiply(u, u), by.multiply(p, p)],
  }),
  reference(u, _, { limit = 0, eps = 0, row_g = 0, row_p = 0, col_g = 0, col_p = 0, matrix = 0 }) {
    const most = limit * Math.max(Math.sqrt(matrix ? col_p : row_p), eps);
    return u * Math.min(1, most / Math.max(Math.sqrt(matrix ? col_g : row_g), LEAST));
  },
  bound(by, u, _, { limit, eps, row_g, row_p, col_g, col_p, matrix }) {
    const [g, p] = (matrix!.v ? [col_g!, col_p!] : [row_g!, row_p!]) as [typeof u, typeof u];
    const most = by.multiply(limit!, larger(by.root(p), eps!));
    return by.multiply(u, smaller(exact(1), by.divide(most, larger(by.root(g), constant(LEAST)))));
  },
});

interface ClipAdaptiveOptions {
  /** The least that a unit's |p| counts; default 1e-3. */
  readonly eps?: Hyper;
}

/**
 * Adaptive gradient clipping, AGC (Brock et al. 2021): u min(1, limit max(|p|, eps) / |u|) unit by unit; default limit 0.01. A
 * unit is a column of a matrix [in, out] (all but the last dimension), a bias is one unit: optax' adaptive_grad_clip.
 */
export const clipAdaptive = (limit: Hyper = 0.01, options: ClipAdaptiveOptions = {}): Link =>
  link(clipAdaptiveRule, { limit, ...options });
