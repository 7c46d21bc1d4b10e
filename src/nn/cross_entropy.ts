// Cross-entropy as a loss: the model ends in logits, without a softmax of its own. Smoothing and weights are loaded where they are used.
import { checkKeys, checkNumber, fail } from "../core/check.ts";
import { softmaxCrossEntropy } from "../ops/cross_entropy.ts";
import { defineLossKind, type Loss } from "./losses.ts";

export interface CrossEntropyOptions {
  /** The share of a label that is spread over all classes alike, in [0, 1]: Szegedy et al. 2016, section 7. By default 0. */
  readonly labelSmoothing?: number;
  /** A weight for each class, not below 0. */
  readonly classWeights?: readonly number[];
}

export interface CrossEntropy extends Loss, CrossEntropyOptions {
  readonly kind: "crossEntropy";
}

const OPTIONS = ["labelSmoothing", "classWeights"];

function check({ labelSmoothing = 0, classWeights = [1] }: CrossEntropyOptions): void {
  checkNumber("crossEntropy", "labelSmoothing", labelSmoothing, { min: 0, max: 1 });
  if (!Array.isArray(classWeights)) fail("crossEntropy", "classWeights is no array", "give a number for each class");
  for (const weight of classWeights) checkNumber("crossEntropy", "a class weight", weight, { min: 0, max: 1e30 });
}

/** All of the kind but what builds it. */
export const crossEntropyKind = {
  kind: "crossEntropy",
  against: "labels",
  accuracy: true,
  minWidth: 2,
  options: OPTIONS,
  check,
} as const;

defineLossKind<CrossEntropy>({
  ...crossEntropyKind,
  build: (z, labels) => softmaxCrossEntropy(z, labels),
  load: () => import("./soft_cross_entropy.ts"),
});

/**
 * Mean softmax cross-entropy, in nats, of logits [batch, classes] and integer labels: PyTorch's CrossEntropyLoss. With class weights, or
 * rows that have weights (`dataset`'s), the mean divides by the sum of the weights of the rows' labels times the rows' own, as
 * PyTorch's does for classes; over a split when evaluated. Throws for a smoothing outside [0, 1] or a weight below 0.
 */
export function crossEntropy(options: CrossEntropyOptions = {}): CrossEntropy {
  checkKeys("crossEntropy", options, OPTIONS);
  check(options);
  const { labelSmoothing = 0, classWeights } = options;
  // Defaults are left out, so that equal losses are equal data.
  return {
    kind: "crossEntropy",
    ...(labelSmoothing ? { labelSmoothing } : {}),
    ...(classWeights ? { classWeights } : {}),
  };
}
