// Mean absolute error: the mean over batch and columns of |z - target|.
import wgsl from "../../shaders/ops/absolute_error.wgsl?raw";
import type { Node } from "../graph/node.ts";
import { defineTargetLoss, targetLosses, type TargetLossText } from "./target_loss.ts";

targetLosses.set("absolute error", {
  term: (z, target) => Math.abs(z - target),
  slope: (z, target) => Math.sign(z - target),
  bound: (by, z, target) => by.subtract(z, target),
  // A difference of less than its error may have either sign; that of two equal numbers is 0, which some flush to.
  slopeBound(by, z, target) {
    const d = by.subtract(z, target);
    const surely = Math.abs(d.v) > d.e || (d.v === 0 && z.e === 0 && target.e === 0);
    return { v: Math.sign(d.v), e: surely ? 0 : 1 + Math.abs(Math.sign(d.v)) };
  },
});

export const ABSOLUTE_ERROR: TargetLossText = { label: "absolute error", call: "absolute_error", wgsl };

const of = defineTargetLoss("absoluteError", () => ABSOLUTE_ERROR);

/** Mean absolute error of z and targets, both [batch, columns]; its gradient is 0 where they are equal. Weights are of rows. */
export const meanAbsoluteError = (z: Node, targets: Node, weights?: Node): Node => of(z, targets, weights);
