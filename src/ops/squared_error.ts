// Mean squared error: the mean over batch and columns of (z - target)^2. The text is target_loss' own.
import type { Node } from "../graph/node.ts";
import { exact } from "../kernel/bound.ts";
import { defineTargetLoss, targetLosses } from "./target_loss.ts";

targetLosses.set("squared error", {
  term: (z, target) => (z - target) ** 2,
  slope: (z, target) => 2 * (z - target),
  bound(by, z, target) {
    const d = by.subtract(z, target);
    return by.multiply(d, d);
  },
  slopeBound: (by, z, target) => by.multiply(exact(2), by.subtract(z, target)),
});

const of = defineTargetLoss("squaredError", () => ({ label: "squared error" }));

/** Mean squared error of z and targets, both [batch, columns]: one number. With weights [batch] each row's part is times its own. */
export const meanSquaredError = (z: Node, targets: Node, weights?: Node): Node => of(z, targets, weights);
