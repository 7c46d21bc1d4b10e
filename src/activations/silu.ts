// silu: x sigmoid(x), in a form that neither overflows nor loses the tail's slope.
import wgsl from "../../shaders/activations/silu.wgsl?raw";
import { exact } from "../kernel/bound.ts";
import { defineActivation } from "../ops/activation.ts";
import { sigmoid } from "../ops/near_zero.ts";
import "../ops/stable.ts";

/** x / (1 + exp(-x)). */
export const siluOf = defineActivation({
  name: "silu",
  wgsl,
  call: "silu",
  derivativeCall: "silu_derivative",
  saves: "x",
  reference: (x) => x * sigmoid(x),
  bound: (by, x) => by.multiply(x, by.sigmoid(x)),
  derivative: (dy, x) => dy * (sigmoid(x) * (1 + x * sigmoid(-x))),
  derivativeBound: (by, dy, x) =>
    by.multiply(dy, by.multiply(by.sigmoid(x), by.add(exact(1), by.multiply(x, by.sigmoid(by.negate(x)))))),
});
