// Mean squared error as a loss.
import { meanSquaredError as meanSquaredErrorOf } from "../ops/squared_error.ts";
import { defineLossKind, type Loss } from "./losses.ts";

defineLossKind({
  kind: "meanSquaredError",
  against: "targets",
  accuracy: false,
  minWidth: 1,
  build: meanSquaredErrorOf,
});

/** The mean of (z - target)^2 over batch and columns: PyTorch's MSELoss. */
export const meanSquaredError = (): Loss => ({ kind: "meanSquaredError" });
