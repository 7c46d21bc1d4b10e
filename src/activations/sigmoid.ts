// sigmoid: 1 / (1 + exp(-x)), in a form that does not overflow.
import wgsl from "../../shaders/activations/sigmoid.wgsl?raw";
import { exact } from "../kernel/bound.ts";
import { defineActivation } from "../ops/activation.ts";
import "../ops/stable.ts";

/** 1 / (1 + exp(-x)). */
export const sigmoidOf = defineActivation({
  name: "sigmoid",
  wgsl,
  call: "sigmoid",
  derivativeCall: "sigmoid_derivative",
  saves: "y",
  reference: (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
  bound: (by, x) => by.sigmoid(x),
  derivative: (dy, y) => dy * (y * (1 - y)),
  derivativeBound: (by, dy, y) => by.multiply(dy, by.multiply(y, by.subtract(exact(1), y))),
});
