// Bound of regression_metrics.
import type { Tensor } from "../core/tensor.ts";
import { type Approx, Bounds, defineBound, exact, gamma } from "../kernel/bound.ts";

defineBound("regression_metrics", (tensors, { rows = 0, cols = 1 }, rounding) => {
  const { z, targets, shares, metrics } = tensors as Readonly<Record<string, Tensor>>;
  const by = new Bounds(rounding);
  const sumOf = (terms: readonly Approx[]): Approx => {
    const magnitude = terms.reduce((total, { v, e }) => total + Math.abs(v) + e, 0);
    const carried = terms.reduce((total, { e }) => total + e, 0);
    const e = carried + gamma(Math.ceil(cols / 4) + 2, rounding.u) * magnitude;
    return { v: terms.reduce((total, { v }) => total + v, 0), e };
  };
  for (let i = 0; i < rows; i++) {
    const apart = Array.from({ length: cols }, (_, j) =>
      by.subtract({ v: z!.at(i, j), e: z!.error(i, j) }, { v: targets!.at(i, j), e: targets!.error(i, j) }),
    );
    const sizes = apart.map(({ v, e }) => ({ v: Math.abs(v), e }));
    const squares = apart.map((d, j) => by.multiply({ v: shares!.at(j), e: shares!.error(j) }, by.multiply(d, d)));
    metrics?.allow(by.divide(sumOf(sizes), exact(cols)).e, 0, i);
    metrics?.allow(sumOf(squares).e, 1, i);
  }
});
