// elu: x, and alpha (exp(x) - 1) below 0.
import wgsl from "../../shaders/activations/elu.wgsl?raw";
import { type Approx, type Bounds, constant } from "../kernel/bound.ts";
import { expm1Bound } from "../ops/near_zero.ts";
import { defineFamily } from "./family.ts";

/** Either side where x may lie; a kink at 0 within the error of x costs what the sides are apart there. */
export function eluBound(by: Bounds, { scale, alpha }: { scale: number; alpha: number }, x: Approx): Approx {
  const steepest = Math.max(scale, alpha);
  const below = by.multiply(constant(alpha), expm1Bound(by, { v: Math.min(x.v, 0), e: x.e }));
  const above = scale === 1 ? x.e : by.multiply(constant(scale), x).e;
  const e = Math.max(
    x.v - x.e <= 0 ? below.e + steepest * Math.max(x.v, 0) : 0,
    x.v + x.e > 0 ? above + steepest * Math.max(-x.v, 0) : 0,
  );
  return { v: x.v > 0 ? scale * x.v : below.v, e };
}

/** dy times y + alpha below 0 and scale above; within the error of y of 0 either may be taken. */
export function eluDerivativeBound(
  by: Bounds,
  { scale, alpha }: { scale: number; alpha: number },
  dy: Approx,
  y: Approx,
): Approx {
  const below = by.multiply(dy, by.add(y, constant(alpha)));
  const above = scale === 1 ? dy.e : by.multiply(dy, constant(scale)).e;
  const jump = y.e > 0 && Math.abs(y.v) <= y.e ? Math.abs(dy.v) * (Math.abs(scale - alpha) + 2 * y.e) : 0;
  return { v: 0, e: Math.max(y.v - y.e <= 0 ? below.e : 0, y.v + y.e > 0 ? above : 0) + jump };
}

/** x where x > 0, else alpha (exp(x) - 1) (alpha > 0, by default 1); its derivative at 0 is alpha. */
export const eluOf = defineFamily({
  name: "elu",
  wgsl,
  call: "elu",
  constant: "ELU_ALPHA",
  usual: 1,
  of: (alpha) => ({
    saves: "y",
    reference: (x) => (x <= 0 ? alpha * Math.expm1(x) : x),
    bound: (by, x) => eluBound(by, { scale: 1, alpha }, x),
    derivative: (dy, y) => (y <= 0 ? dy * (y + alpha) : dy),
    derivativeBound: (by, dy, y) => eluDerivativeBound(by, { scale: 1, alpha }, dy, y),
  }),
});
