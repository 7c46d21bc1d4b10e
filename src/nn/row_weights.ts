// The weights of a batch's rows in a loss: those the data bring, times their class', over their mean.
import { constant, type Node, node } from "../graph/node.ts";
import "../ops/row_weights.ts";
import type { Rows } from "./losses.ts";

/**
 * What each row's part of a loss is multiplied by, so that the mean over the rows becomes the sum of w l over the sum of w: [batch].
 * Undefined where neither rows nor classes have weights. The class' own factor is left to the loss.
 */
export function rowWeights(
  z: Node,
  rows: Rows | undefined,
  classes?: { readonly labels: Node; readonly weights: readonly number[] },
): Node | undefined {
  if (!rows?.samples && !classes) return undefined;
  const [batch = 1] = z.shape;
  const samples = rows?.samples ?? constant(1, [batch, 1]);
  const weights = classes?.weights.map(Math.fround);
  const attributes = { mean: rows ? Math.fround(rows.mean(weights)) : -1, ...(weights ? { classes: weights } : {}) };
  const inputs = classes ? [samples, classes.labels] : [samples];
  return node("rowWeights", [batch], { inputs, attributes, name: "row weights" });
}
