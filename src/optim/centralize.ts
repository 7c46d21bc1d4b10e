// Gradient centralization: the gradient of each unit's weights less its mean.
import wgsl from "../../shaders/optim/centralize.wgsl?raw";
import { checkKeys } from "../core/check.ts";
import { exact } from "../kernel/bound.ts";
import { type Link, link } from "./chain.ts";
import { lineReduction } from "./lines.ts";
import { defineRule } from "./rule.ts";

export const centralizeRule = defineRule({
  name: "centralize",
  wgsl,
  options: { byRow: 0 },
  matrix: true,
  fields: ({ byRow = 0 }) => ({ by_row: byRow }),
  reduces: lineReduction({
    fields: ["row_mean", "col_mean"],
    kept: ["mean"],
    terms: (u) => [u],
    termsBound: (_, u) => [u],
    settle: ([sum = 0], count) => [sum / count],
    settleBound: (by, [sum], count) => [by.divide(sum!, exact(count))],
  }),
  reference: (u, _, { by_row = 0, row_mean = 0, col_mean = 0, matrix = 0 }) =>
    u - matrix * (by_row ? row_mean : col_mean),
  bound: (by, u, _, { by_row, row_mean, col_mean, matrix }) =>
    by.subtract(u, by.multiply(matrix!, by_row!.v ? row_mean! : col_mean!)),
});

interface CentralizeOptions {
  /** Means along rows: over the outputs of each input. optax' centralize does so with [in, out] matrices. Default false. */
  readonly byRow?: boolean;
}

/**
 * Gradient centralization (Yong et al. 2020): u less its mean over the inputs of each output, the column of a matrix [in, out]
 * (all but the last dimension). Biases stay as they are.
 */
export function centralize(options: CentralizeOptions = {}): Link {
  checkKeys("centralize", options, ["byRow"]);
  return link(centralizeRule, { ...options });
}
