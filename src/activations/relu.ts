// relu: max(x, 0), with NaN passed on; its derivative at 0 is 0.
import wgsl from "../../shaders/activations/relu.wgsl?raw";
import { defineActivation } from "../ops/activation.ts";

/** max(x, 0). */
export const reluOf = defineActivation({
  name: "relu",
  wgsl,
  call: "relu",
  derivativeCall: "relu_derivative",
  saves: "y",
  reference: (x) => (x <= 0 ? 0 : x),
  // Surely below the kink it is 0, whatever x's error.
  bound: (_, x) => ({ v: Math.max(x.v, 0), e: x.v + x.e <= 0 ? 0 : x.e }),
  derivative: (dy, y) => (y <= 0 ? 0 : dy),
  // Within the error of y of the kink either branch may be taken.
  derivativeBound: (_, dy, y) => ({ v: 0, e: dy.e + (y.e > 0 && Math.abs(y.v) <= y.e ? Math.abs(dy.v) : 0) }),
});
