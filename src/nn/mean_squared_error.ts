// Mean squared error as a loss.
import { meanSquaredError as meanSquaredErrorOf } from "../ops/squared_error.ts";
import { defineLossKind, type Loss } from "./losses.ts";
import { rowWeights } from "./row_weights.ts";

defineLossKind({
  kind: "meanSquaredError",
  against: "targets",
  accuracy: false,
  minWidth: 1,
  build: (z, targets, _, rows) => meanSquaredErrorOf(z, targets, rowWeights(z, rows)),
});

/** The mean of (z - target)^2 over batch and columns: PyTorch's MSELoss. Where rows have weights, over the sum of them. */
export const meanSquaredError = (): Loss => ({ kind: "meanSquaredError" });
