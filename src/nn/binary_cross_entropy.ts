// Binary cross-entropy as a loss: the model ends in logits, without a sigmoid of its own.
import { binaryCrossEntropy as binaryCrossEntropyOf } from "../ops/binary_cross_entropy.ts";
import { defineLossKind, type Loss } from "./losses.ts";
import { rowWeights } from "./row_weights.ts";

defineLossKind({
  kind: "binaryCrossEntropy",
  against: "targets",
  accuracy: true,
  minWidth: 1,
  build: (z, targets, _, rows) => binaryCrossEntropyOf(z, targets, rowWeights(z, rows)),
});

/**
 * The mean over batch and columns of the cross-entropy, in nats, of logits and targets in [0, 1]: PyTorch's BCEWithLogitsLoss, each
 * column a yes or no of its own. Accuracy is the share of columns where z > 0 (p > 1/2) agrees with target > 1/2. Where rows have
 * weights the mean is over the sum of them (PyTorch's `weight` divides by the count).
 */
export const binaryCrossEntropy = (): Loss => ({ kind: "binaryCrossEntropy" });
