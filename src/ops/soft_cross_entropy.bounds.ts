// Bound of soft_cross_entropy: softmax' errors, then the shader's steps.
import type { Tensor } from "../core/tensor.ts";
import { type Approx, Bounds, defineBound, exact, FLUSH, gamma, ULP } from "../kernel/bound.ts";
import type { Rounding, Sizes, Tensors } from "../kernel/kernel.ts";
import { softmaxErrors } from "./softmax_row.bounds.ts";

const sumOf = (terms: readonly Approx[], u: number): Approx => {
  const magnitude = terms.reduce((total, { v, e }) => total + Math.abs(v) + e, 0);
  const carried = terms.reduce((total, { e }) => total + e, 0);
  const e = carried + gamma(Math.ceil(terms.length / 4) + 2, u) * magnitude + terms.length * FLUSH;
  return { v: terms.reduce((total, { v }) => total + v, 0), e };
};

function bound(tensors: Tensors, sizes: Sizes, rounding: Rounding): void {
  const { z, labels, classes, weights, metrics, dz } = tensors as Readonly<Record<string, Tensor>>;
  const { rows = 0, cols = 0, factor = 1, hard = 1, soft = 0 } = sizes;
  const by = new Bounds(rounding);
  for (let i = 0; i < rows; i++) {
    const { largest, best, second, sum, p, errors, sumError } = softmaxErrors(z as Tensor, i, cols, rounding.u);
    const row = p.map((_, j) => ({ v: z!.at(i, j), e: z!.error(i, j) }));
    const worst = Math.max(...row.map(({ e }) => e));
    const log = Math.log(sum);
    const ofLog = sum <= 2 ? Math.max(2 ** -21, 3 * ULP * log) : 3 * ULP * (log + sumError);
    const top = by.add({ v: log, e: 1.01 * (sumError + ofLog) }, { v: largest, e: worst });
    const label = labels!.at(i);
    const share = p.map((_, j) => {
      const own = j === label ? by.add(exact(soft), exact(hard)) : exact(soft);
      return by.multiply(own, { v: classes!.at(j), e: classes!.error(j) });
    });
    const weight = { v: weights!.at(i), e: weights!.error(i) };
    const loss = sumOf(
      share.map((q, j) => by.multiply(q, by.subtract(top, row[j] as Approx))),
      rounding.u,
    );
    metrics?.allow(by.multiply(weight, loss).e, 0, i);
    // Two logits closer than their errors may swap places.
    const swaps = second !== undefined && worst > 0 && row[best]!.v - row[second]!.v <= 2 * worst;
    metrics?.allow(swaps ? 1 : 0, 1, i);
    const all = sumOf(share, rounding.u);
    p.forEach((v, j) => {
      const apart = by.subtract(by.multiply({ v, e: errors[j] as number }, all), share[j] as Approx);
      dz?.allow(by.multiply(by.multiply(exact(factor), weight), apart).e, i, j);
    });
  }
}

defineBound("soft_cross_entropy", bound);
