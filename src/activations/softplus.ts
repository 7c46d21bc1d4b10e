// softplus: log(1 + exp(x)), a smooth relu that is never 0.
import wgsl from "../../shaders/activations/softplus.wgsl?raw";
import { defineActivation } from "../ops/activation.ts";
import { sigmoid, softBound, softplus } from "../ops/near_zero.ts";
import "../ops/stable.ts";

/** log(1 + exp(x)), without a threshold above which it would be x. */
export const softplusOf = defineActivation({
  name: "softplus",
  wgsl,
  call: "softplus",
  derivativeCall: "softplus_derivative",
  saves: "x",
  reference: softplus,
  bound: (by, x) => by.add({ v: Math.max(x.v, 0), e: x.e }, softBound(by, x)),
  derivative: (dy, x) => dy * sigmoid(x),
  derivativeBound: (by, dy, x) => by.multiply(dy, by.sigmoid(x)),
});
