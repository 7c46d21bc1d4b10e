// What activations share: a node of one input whose derivative is a node of the gradient and what was saved (the input or the output).
import type { Node } from "../graph/node.ts";
import { node } from "../graph/node.ts";
import type { Approx, Bounds } from "../kernel/bound.ts";
import { defineElementwise, elementwiseCalls } from "./elementwise.ts";
import { defineOp } from "./op.ts";

export interface Activation {
  readonly name: string;
  readonly wgsl: string;
  /** The fragment's function; the derivative's is `derivativeCall`. */
  readonly call: string;
  readonly derivativeCall: string;
  /** What the derivative reads beside dy: the activation's input or its output. */
  readonly saves: "x" | "y";
  readonly reference: (x: number) => number;
  readonly bound: (by: Bounds, x: Approx) => Approx;
  readonly derivative: (dy: number, saved: number) => number;
  readonly derivativeBound: (by: Bounds, dy: Approx, saved: Approx) => Approx;
}

export const activations = new Map<string, Activation>();

/** Declares an activation: two elementwise functions, two ops. Returns the function on nodes. */
export function defineActivation(spec: Activation): (x: Node) => Node {
  const forward = defineElementwise({
    name: spec.name,
    inputs: 1,
    call: spec.call,
    wgsl: spec.wgsl,
    reference: spec.reference,
    bound: spec.bound,
  });
  const backward = defineElementwise({
    name: `${spec.name}_derivative`,
    inputs: 2,
    call: spec.derivativeCall,
    wgsl: spec.wgsl,
    reference: spec.derivative,
    bound: spec.derivativeBound,
  });
  defineOp({
    name: spec.name,
    calls: (at) => elementwiseCalls(forward, at),
    derivative: (at, dy) => {
      const saved = spec.saves === "y" ? at : (at.inputs[0] as Node);
      return [node(backward.name, at.shape, { inputs: [dy, saved], name: `${at.name}.derivative` })];
    },
  });
  // Linear in dy; a second derivative, with respect to what was saved, is not given.
  defineOp({
    name: backward.name,
    calls: (at) => elementwiseCalls(backward, at),
    derivative: (at, dy) => [node(backward.name, at.shape, { inputs: [dy, at.inputs[1] as Node] }), undefined],
  });
  activations.set(spec.name, spec);
  return (x) => node(spec.name, x.shape, { inputs: [x] });
}
