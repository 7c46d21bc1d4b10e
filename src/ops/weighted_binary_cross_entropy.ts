// Cross-entropy of odds where a column's yes has a weight of its own: for answers that are rare.
import wgsl from "../../shaders/ops/weighted_binary_cross_entropy.wgsl?raw";
import type { Node } from "../graph/node.ts";
import { type Approx, type Bounds, exact } from "../kernel/bound.ts";
import { sigmoid, softBound, softplus } from "./near_zero.ts";
import { defineTargetLoss, type TargetLoss, targetLosses, type TargetLossText } from "./target_loss.ts";

/** The positive part of z, and its error at most. */
const positivePart = (z: Approx): Approx => ({ v: Math.max(z.v, 0), e: z.e });
const negated = ({ v, e }: Approx): Approx => ({ v: -v, e });

const yes = (by: Bounds, weight: number, target: Approx): Approx => by.multiply(exact(weight), target);
const no = (by: Bounds, target: Approx): Approx => by.subtract(exact(1), target);

function lossOf(weights: readonly number[]): TargetLoss {
  const at = (column: number): number => weights[column] ?? 1;
  return {
    term: (z, target, column) => at(column) * target * softplus(-z) + (1 - target) * softplus(z),
    slope: (z, target, column) => (1 - target) * sigmoid(z) - at(column) * target * sigmoid(-z),
    hit: (z, target) => z > 0 === target > 0.5,
    bound(by, z, target, column) {
      const [of, other] = [yes(by, at(column), target), no(by, target)];
      const straight = by.add(by.multiply(of, positivePart(negated(z))), by.multiply(other, positivePart(z)));
      return by.add(straight, by.multiply(by.add(of, other), softBound(by, z)));
    },
    slopeBound: (by, z, target, column) =>
      by.subtract(
        by.multiply(no(by, target), by.sigmoid(z)),
        by.multiply(yes(by, at(column), target), by.sigmoid(negated(z))),
      ),
  };
}

/** A weight as the f32 it is. */
const literal = (weight: number): string => `${weight}f`;

/** The weights of four columns at a time, those past the last 1. */
function weightsText(weights: readonly number[]): string {
  const quads = Array.from({ length: Math.ceil(weights.length / 4) }, (_, q) =>
    [0, 1, 2, 3].map((lane) => literal(weights[4 * q + lane] ?? 1)).join(", "),
  );
  const list = quads.map((quad) => `vec4f(${quad})`).join(", ");
  return `const positive_weights = array<vec4f, ${quads.length}>(${list});

fn positive_weight(quad: u32) -> vec4f {
  return positive_weights[quad];
}
`;
}

/** The loss of these weights (f32 numbers, one a column), declared when it is first asked for. */
export function positiveText(weights: readonly number[]): TargetLossText {
  const label = `binary cross-entropy of positives ${weights.join(" ")}`;
  if (!targetLosses.has(label)) targetLosses.set(label, lossOf(weights));
  const call = "weighted_binary_cross_entropy";
  return { label, call, wgsl: `${weightsText(weights)}\n${wgsl}`, hits: true, columns: true };
}

const of = defineTargetLoss("weightedBinaryCrossEntropy", ({ positive }) =>
  positiveText(positive as readonly number[]),
);

/**
 * The mean over batch and columns of -w t log p - (1 - t) log(1 - p), p = sigmoid(z), of logits z and targets t in [0, 1], both
 * [batch, columns], with a weight w for each column, not below 0. Weights are of rows.
 */
export const weightedBinaryCrossEntropy = (z: Node, targets: Node, positive: readonly number[], weights?: Node): Node =>
  of(z, targets, weights, { positive: positive.map(Math.fround) });
