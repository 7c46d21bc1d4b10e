// Mean absolute error as a loss.
import { meanAbsoluteError as meanAbsoluteErrorOf } from "../ops/absolute_error.ts";
import { defineLossKind, type Loss } from "./losses.ts";
import { rowWeights } from "./row_weights.ts";

defineLossKind({
  kind: "meanAbsoluteError",
  against: "targets",
  accuracy: false,
  minWidth: 1,
  build: (z, targets, _, rows) => meanAbsoluteErrorOf(z, targets, rowWeights(z, rows)),
});

/**
 * The mean of |z - target| over batch and columns: PyTorch's L1Loss; its gradient is 0 where the two are equal. Where rows have weights,
 * over the sum of them.
 */
export const meanAbsoluteError = (): Loss => ({ kind: "meanAbsoluteError" });
