// Huber's loss: squares near the target, a straight line beyond delta.
import wgsl from "../../shaders/ops/huber.wgsl?raw";
import type { Node } from "../graph/node.ts";
import { constant, exact } from "../kernel/bound.ts";
import { specialize } from "../kernel/source.ts";
import { defineTargetLoss, type TargetLoss, targetLosses, type TargetLossText } from "./target_loss.ts";

function lossOf(delta: number): TargetLoss {
  return {
    term(z, target) {
      const d = Math.abs(z - target);
      return d <= delta ? (d * d) / 2 : delta * (d - delta / 2);
    },
    slope: (z, target) => Math.max(-delta, Math.min(delta, z - target)),
    bound(by, z, target) {
      const d = by.subtract(z, target);
      const size = { v: Math.abs(d.v), e: d.e };
      // The smaller of two numbers has the larger error of the two at most.
      const near = { v: Math.min(size.v, delta), e: Math.max(size.v - size.e < delta ? d.e : 0, constant(delta).e) };
      return by.multiply(near, by.subtract(size, by.multiply(exact(0.5), near)));
    },
    slopeBound(by, z, target) {
      const d = by.subtract(z, target);
      return { v: Math.max(-delta, Math.min(delta, d.v)), e: Math.max(d.e, constant(delta).e) };
    },
  };
}

/** The loss of a delta, declared when it is first asked for. */
export function huberText(delta: number): TargetLossText {
  const label = delta === 1 ? "huber" : `huber ${delta}`;
  if (!targetLosses.has(label)) targetLosses.set(label, lossOf(delta));
  return { label, call: "huber", wgsl: specialize("huber", wgsl, { HUBER_DELTA: delta }) };
}

const of = defineTargetLoss("huber", ({ delta }) => huberText(delta as number));

/** The mean of Huber's loss of z and targets, both [batch, columns], delta > 0. Weights are of rows. */
export const huber = (z: Node, targets: Node, delta: number, weights?: Node): Node =>
  of(z, targets, weights, { delta });
