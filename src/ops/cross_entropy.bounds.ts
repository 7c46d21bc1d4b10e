// Bound of cross_entropy.
import type { Tensor } from "../core/tensor.ts";
import { defineBound, ULP } from "../kernel/bound.ts";
import type { Rounding, Sizes, Tensors } from "../kernel/kernel.ts";
import { softmaxErrors } from "./softmax_row.bounds.ts";

/** exp and the sum's relative errors as in softmax; log is 2^-21 absolute on [0.5, 2], 3 ULP elsewhere. */
function bound({ z, labels, metrics, dz }: Tensors, { rows = 0, cols = 0, factor = 1 }: Sizes, { u }: Rounding): void {
  for (let i = 0; i < rows; i++) {
    const { largest, best, second, sum, p, errors, sumError } = softmaxErrors(z as Tensor, i, cols, u);
    const label = (labels as Tensor).at(i);
    const [wanted, ez] = [(z as Tensor).at(i, label), (z as Tensor).error(i, label)];
    const worst = Math.max(...Array.from({ length: cols }, (_, j) => (z as Tensor).error(i, j)));
    const log = Math.log(sum);
    const ofLog = sum <= 2 ? Math.max(2 ** -21, 3 * ULP * log) : 3 * ULP * (log + sumError);
    const rounded = u * (Math.abs(log + largest) + Math.abs(log + largest - wanted) + worst + ez);
    metrics?.allow(1.01 * (sumError + ofLog + rounded) + worst + ez, 0, i);
    // Two logits closer than their errors may swap places.
    const swaps =
      second !== undefined && (z as Tensor).at(i, best) - (z as Tensor).at(i, second) <= 2 * worst && worst > 0;
    metrics?.allow(swaps ? 1 : 0, 1, i);
    for (let j = 0; j < cols; j++) {
      const hot = (p[j] as number) - (j === label ? 1 : 0);
      dz?.allow(1.01 * Math.abs(factor) * ((errors[j] as number) + 2 * u * Math.abs(hot)) + 2 ** -126, i, j);
    }
  }
}

defineBound("cross_entropy", bound);
