// exp(x) - 1, log(1 + x) near 0 and the sigmoid: the shaders' helpers, f64 counterparts, error bounds.
import wgsl from "../../shaders/ops/near_zero.wgsl?raw";
import { type Approx, type Bounds, constant, exact, FLUSH } from "../kernel/bound.ts";
import { defineLib } from "../kernel/lib.ts";

defineLib(wgsl);

/** c0 + x (c1 + x (c2 + ...)), one rounding an operation. */
export const horner = (by: Bounds, x: Approx, coefficients: readonly number[]): Approx =>
  coefficients
    .slice(0, -1)
    .reduceRight(
      (sum, c) => by.add(constant(c), by.multiply(x, sum)),
      constant(coefficients[coefficients.length - 1] as number),
    );

/** stable_expm1, either branch; the series leaves off x^6 / 720 and smaller terms. */
export function expm1Bound(by: Bounds, x: Approx): Approx {
  const size = Math.abs(x.v);
  const series = by.multiply(x, horner(by, x, [1, 1 / 2, 1 / 6, 1 / 24, 1 / 120]));
  const left = (1.01 / 720) * (size + x.e) ** 6;
  const far = by.subtract(by.exponential(x), exact(1));
  const e = Math.max(size - x.e < 0.0625 ? series.e + left : 0, size + x.e >= 0.0625 ? far.e : 0);
  return { v: Math.expm1(x.v), e: e + FLUSH };
}

/** stable_log1p of x in [0, 1]; the series leaves off 2 s^15 / 15 and smaller terms, at most 1.13 times it. */
export function log1pBound(by: Bounds, x: Approx): Approx {
  const s = by.divide(x, by.add(exact(2), x));
  const terms = Array.from({ length: 7 }, (_, k) => 2 / (2 * k + 1));
  const { e } = by.multiply(s, horner(by, by.multiply(s, s), terms));
  return { v: Math.log1p(x.v), e: e + 1.13 * (2 / 15) * (s.v + s.e) ** 15 + FLUSH };
}

/** log(1 + exp(-|x|)): what softplus and the cross-entropy of odds add to a straight line. */
export const softBound = (by: Bounds, x: Approx): Approx =>
  log1pBound(by, by.exponential({ v: -Math.abs(x.v), e: x.e }));

/** 1 / (1 + exp(-x)) in f64, for any x. */
export const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

/** log(1 + exp(x)) in f64, for any x. */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
