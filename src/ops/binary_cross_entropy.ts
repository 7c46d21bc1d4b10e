// Cross-entropy of odds: every column a question of its own, answered by a logit, with targets in [0, 1].
import wgsl from "../../shaders/ops/binary_cross_entropy.wgsl?raw";
import type { Node } from "../graph/node.ts";
import { sigmoid, softBound } from "./near_zero.ts";
import { defineTargetLoss, targetLosses, type TargetLossText } from "./target_loss.ts";
import "./stable.ts";

targetLosses.set("binary cross-entropy", {
  // The straight part first: it is 0 where the answer is right, and the rest keeps its digits.
  term: (z, target) => Math.max(z, 0) - z * target + Math.log1p(Math.exp(-Math.abs(z))),
  slope: (z, target) => sigmoid(z) - target,
  hit: (z, target) => z > 0 === target > 0.5,
  bound(by, z, target) {
    const straight = by.subtract({ v: Math.max(z.v, 0), e: z.e }, by.multiply(z, target));
    return by.add(straight, softBound(by, z));
  },
  slopeBound: (by, z, target) => by.subtract(by.sigmoid(z), target),
});

export const BINARY_CROSS_ENTROPY: TargetLossText = {
  label: "binary cross-entropy",
  call: "binary_cross_entropy",
  wgsl,
  hits: true,
};

const of = defineTargetLoss("binaryCrossEntropy", () => BINARY_CROSS_ENTROPY);

/** The mean over batch and columns of the cross-entropy of logits z and targets in [0, 1], both [batch, columns]. Weights are of rows. */
export const binaryCrossEntropy = (z: Node, targets: Node, weights?: Node): Node => of(z, targets, weights);
