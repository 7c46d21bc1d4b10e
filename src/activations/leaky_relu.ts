// leaky relu: x, and a small slope of it below 0.
import wgsl from "../../shaders/activations/leaky_relu.wgsl?raw";
import { type Approx, type Bounds, constant } from "../kernel/bound.ts";
import { defineFamily } from "./family.ts";

/** The slope's side and the straight one, each where x may lie; within its error of the kink it may be either. */
function bound(by: Bounds, slope: number, x: Approx): Approx {
  const below = by.multiply(constant(slope), x).e + (x.v > 0 ? Math.abs(1 - slope) * x.v : 0);
  const above = x.e + (x.v < 0 ? Math.abs(1 - slope) * -x.v : 0);
  const e = Math.max(x.v - x.e <= 0 ? below : 0, x.v + x.e > 0 ? above : 0);
  return { v: x.v > 0 ? x.v : slope * x.v, e };
}

/** Within the error of y of the kink either slope may be taken. */
function derivativeBound(by: Bounds, slope: number, dy: Approx, y: Approx): Approx {
  const jump = y.e > 0 && Math.abs(y.v) <= y.e ? Math.abs(dy.v * (1 - slope)) : 0;
  return { v: 0, e: Math.max(dy.e, by.multiply(constant(slope), dy).e) + jump };
}

/** x where x > 0, else slope x (slope >= 0, by default 0.01); its derivative at 0 is the slope. */
export const leakyReluOf = defineFamily({
  name: "leakyRelu",
  wgsl,
  call: "leaky_relu",
  constant: "LEAKY_RELU_SLOPE",
  usual: 0.01,
  of: (slope) => ({
    saves: "y",
    reference: (x) => (x <= 0 ? slope * x : x),
    bound: (by, x) => bound(by, slope, x),
    derivative: (dy, y) => (y <= 0 ? slope * dy : dy),
    derivativeBound: (by, dy, y) => derivativeBound(by, slope, dy, y),
  }),
});
