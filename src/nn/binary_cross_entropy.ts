// Binary cross-entropy as a loss: the model ends in logits, without a sigmoid of its own.
import { checkKeys, checkNumber, fail } from "../core/check.ts";
import { binaryCrossEntropy as binaryCrossEntropyOf } from "../ops/binary_cross_entropy.ts";
import { weightedBinaryCrossEntropy } from "../ops/weighted_binary_cross_entropy.ts";
import { defineLossKind, type Loss } from "./losses.ts";
import { rowWeights } from "./row_weights.ts";

export interface BinaryCrossEntropyOptions {
  /** The weight of a yes beside a no, above 0: one number, or one for each column. By default 1. */
  readonly posWeight?: number | readonly number[];
}

export interface BinaryCrossEntropy extends Loss, BinaryCrossEntropyOptions {
  readonly kind: "binaryCrossEntropy";
}

const OPTIONS = ["posWeight"];

function check({ posWeight = 1 }: BinaryCrossEntropyOptions): void {
  const weights = typeof posWeight === "number" ? [posWeight] : posWeight;
  if (!Array.isArray(weights) || weights.length === 0)
    fail("binaryCrossEntropy", "posWeight is no number and no array of some", "give one, or one for each column");
  for (const weight of weights) checkNumber("binaryCrossEntropy", "posWeight", weight, { above: 0, max: 1e30 });
}

/** A weight for each column of z. */
function weightsOf(posWeight: number | readonly number[], columns: number): readonly number[] {
  if (typeof posWeight === "number" || posWeight.length === 1)
    return new Array<number>(columns).fill(typeof posWeight === "number" ? posWeight : (posWeight[0] as number));
  if (posWeight.length !== columns)
    fail(
      "binaryCrossEntropy",
      `${posWeight.length} numbers of posWeight, expected ${columns}, the model's columns, or 1`,
    );
  return posWeight;
}

defineLossKind<BinaryCrossEntropy>({
  ...{ kind: "binaryCrossEntropy", against: "targets", accuracy: true, minWidth: 1, options: OPTIONS, check },
  build(z, targets, { posWeight }, rows) {
    if (posWeight === undefined) return binaryCrossEntropyOf(z, targets, rowWeights(z, rows));
    return weightedBinaryCrossEntropy(z, targets, weightsOf(posWeight, z.shape[1] ?? 1), rowWeights(z, rows));
  },
});

/**
 * The mean over batch and columns of the cross-entropy, in nats, of logits and targets in [0, 1]: PyTorch's BCEWithLogitsLoss, each
 * column a yes or no of its own, a yes with the weight `posWeight` (its pos_weight). Accuracy is the share of columns where z > 0
 * (p > 1/2) agrees with target > 1/2. Where rows have weights the mean is over the sum of them (PyTorch's `weight` divides by the
 * count); `posWeight` is no part of it, there as here. Throws for a posWeight that is not above 0.
 */
export function binaryCrossEntropy(options: BinaryCrossEntropyOptions = {}): BinaryCrossEntropy {
  checkKeys("binaryCrossEntropy", options, OPTIONS);
  check(options);
  const { posWeight = 1 } = options;
  // Defaults are left out, so that equal losses are equal data.
  return posWeight === 1 ? { kind: "binaryCrossEntropy" } : { kind: "binaryCrossEntropy", posWeight };
}
