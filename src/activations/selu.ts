// selu: elu scaled so that, from normal starts of variance 1 / in, layers keep mean 0 and variance 1.
import wgsl from "../../shaders/activations/selu.wgsl?raw";
import { defineActivation } from "../ops/activation.ts";
import { eluBound, eluDerivativeBound } from "./elu.ts";

/** The paper's constants to f64; below 0 the scale and alpha are one number. */
const SCALE = 1.0507009873554805;
const sides = { scale: SCALE, alpha: SCALE * 1.6732632423543772 };

/** s x where x > 0, else s a (exp(x) - 1); its derivative at 0 is s a. */
export const seluOf = defineActivation({
  name: "selu",
  wgsl,
  call: "selu",
  derivativeCall: "selu_derivative",
  saves: "y",
  reference: (x) => (x <= 0 ? sides.alpha * Math.expm1(x) : SCALE * x),
  bound: (by, x) => eluBound(by, sides, x),
  derivative: (dy, y) => (y <= 0 ? dy * (y + sides.alpha) : dy * SCALE),
  derivativeBound: (by, dy, y) => eluDerivativeBound(by, sides, dy, y),
});
