// gelu in its exact form: x times the normal distribution function (Hendrycks & Gimpel 2016, eq. 1).
import wgsl from "../../shaders/activations/gelu_erf.wgsl?raw";
import { type Approx, type Bounds, constant, exact, FLUSH } from "../kernel/bound.ts";
import { defineActivation } from "../ops/activation.ts";
import { horner } from "../ops/near_zero.ts";

const density = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

/** Where the series around 0 gives way to the continued fraction of the tail. */
const FAR = 3;

/** The normal distribution function in f64: its series (Abramowitz & Stegun 26.2.11), or its continued fraction (26.2.14). */
export function normalCdf(x: number): number {
  const a = Math.abs(x);
  if (a < FAR) {
    let [term, sum] = [a, a];
    for (let n = 3; term > 1e-17 * sum; n += 2) {
      term *= (a * a) / n;
      sum += term;
    }
    return 0.5 + Math.sign(x) * density(a) * sum;
  }
  let fraction = a;
  for (let n = 100; n > 0; n--) fraction = a + n / fraction;
  const tail = density(a) / fraction;
  return x < 0 ? tail : 1 - tail;
}

/** The shader's coefficients, fitted by test/golden/normal_cdf.py: the largest relative error of what they make is 4.67e-8. */
export const FIT = [
  0.099735565, 0.09973643, 0.09346636, 0.08160311, 0.058975138, 0.06369917, -0.031717658, 0.095597245, -0.08087741,
  0.019782033,
] as const;
const FIT_ERROR = 4.67e-8;

const power = (by: Bounds, x: Approx): Approx => by.exponential(by.multiply(exact(-0.5), by.multiply(x, x)));

function cdfBound(by: Bounds, x: Approx, e: Approx): Approx {
  const a = { v: Math.abs(x.v), e: x.e };
  const t = by.divide(exact(1), by.add(exact(1), by.multiply(exact(0.25), a)));
  const computed = by.multiply(e, by.multiply(t, horner(by, t, FIT)));
  const tail = { v: normalCdf(-a.v), e: computed.e + 1.01 * FIT_ERROR * computed.v + FLUSH };
  // Either side of 0 the two forms are equal there, and so within their own errors.
  return x.v < 0 && x.v + x.e < 0 ? tail : { v: normalCdf(x.v), e: by.subtract(exact(1), tail).e };
}

/** x cdf(x) = x (1 + erf(x / sqrt 2)) / 2: PyTorch's gelu without an approximation. */
export const geluErfOf = defineActivation({
  name: "geluErf",
  wgsl,
  call: "gelu_erf",
  derivativeCall: "gelu_erf_derivative",
  saves: "x",
  reference: (x) => x * normalCdf(x),
  bound: (by, x) => by.multiply(x, cdfBound(by, x, power(by, x))),
  derivative: (dy, x) => dy * (normalCdf(x) + x * density(x)),
  derivativeBound(by, dy, x) {
    const e = power(by, x);
    const slope = by.multiply(x, by.multiply(constant(1 / Math.sqrt(2 * Math.PI)), e));
    return by.multiply(dy, by.add(cdfBound(by, x, e), slope));
  },
});
