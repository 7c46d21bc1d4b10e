// Dropout as a layer: noise in training, nothing in evaluation and prediction.
import { checkNumber } from "../core/check.ts";
import { dropoutOf } from "../ops/dropout.ts";
import { defineLayer, type Layer } from "./layer.ts";

interface Dropout extends Layer {
  readonly kind: "dropout";
  readonly rate: number;
}

const checked = defineLayer<Dropout>({
  kind: "dropout",
  options: ["rate"],
  check: (where, { rate }) => void checkNumber(where, "rate", rate, { min: 0, below: 1 }),
  build({ rate }, x, context) {
    const stream = context.stream();
    return context.training && rate > 0 ? dropoutOf(x, { rate, stream }) : x;
  },
});

/**
 * In training each number is 0 with probability `rate` and otherwise divided by 1 - rate; in evaluation and prediction all pass as they
 * are (Srivastava et al. 2014; inverted, as PyTorch's Dropout). Which ones drop depends on the run's seed, the layer's place among
 * the dropout layers, the step and the element alone: a run of a race drops what it drops alone. Throws for a rate outside [0, 1).
 */
export const dropout = (rate: number): Dropout => checked({ kind: "dropout", rate });
