// tanh, in a form that neither overflows nor loses small arguments.
import wgsl from "../../shaders/activations/tanh.wgsl?raw";
import { exact } from "../kernel/bound.ts";
import { defineActivation } from "../ops/activation.ts";
import "../ops/stable.ts";

/** tanh x. */
export const tanhOf = defineActivation({
  name: "tanh",
  wgsl,
  call: "tanh_forward",
  derivativeCall: "tanh_derivative",
  saves: "y",
  reference: Math.tanh,
  bound: (by, x) => by.tanh(x),
  derivative: (dy, y) => dy * (1 - y * y),
  derivativeBound: (by, dy, y) => by.multiply(dy, by.subtract(exact(1), by.multiply(y, y))),
});
