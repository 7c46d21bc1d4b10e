// gelu in the tanh form (Hendrycks & Gimpel 2016, eq. 3): x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2.
import wgsl from "../../shaders/activations/gelu.wgsl?raw";
import { type Approx, type Bounds, constant, exact } from "../kernel/bound.ts";
import { defineActivation } from "../ops/activation.ts";
import "../ops/stable.ts";

const ROOT = Math.sqrt(2 / Math.PI);

const inner = (x: number): number => ROOT * (x + 0.044715 * x ** 3);

function innerBound(by: Bounds, x: Approx): Approx {
  const cube = by.multiply(by.multiply(x, x), x);
  return by.multiply(constant(ROOT), by.add(x, by.multiply(constant(0.044715), cube)));
}

/** x (1 + tanh s) / 2, s = sqrt(2 / pi) (x + 0.044715 x^3): PyTorch's gelu with approximate="tanh", JAX's default. */
export const geluOf = defineActivation({
  name: "gelu",
  wgsl,
  call: "gelu",
  derivativeCall: "gelu_derivative",
  saves: "x",
  reference: (x) => 0.5 * x * (1 + Math.tanh(inner(x))),
  bound: (by, x) => by.multiply(by.multiply(exact(0.5), x), by.add(exact(1), by.tanh(innerBound(by, x)))),
  derivative(dy, x) {
    const t = Math.tanh(inner(x));
    return dy * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * ROOT * (1 + 3 * 0.044715 * x * x));
  },
  derivativeBound(by, dy, x) {
    const t = by.tanh(innerBound(by, x));
    const slope = by.multiply(constant(ROOT), by.add(exact(1), by.multiply(constant(3 * 0.044715), by.multiply(x, x))));
    const steep = by.multiply(by.subtract(exact(1), by.multiply(t, t)), slope);
    const first = by.multiply(exact(0.5), by.add(exact(1), t));
    return by.multiply(dy, by.add(first, by.multiply(by.multiply(exact(0.5), x), steep)));
  },
});
