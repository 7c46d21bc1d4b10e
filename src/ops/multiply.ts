// y = a b of equal shapes, element by element.
import wgsl from "../../shaders/ops/multiply.wgsl?raw";
import type { Node } from "../graph/node.ts";
import { defineElementwise, elementwiseCalls, pair } from "./elementwise.ts";
import { defineOp } from "./op.ts";

const f = defineElementwise({
  name: "multiply",
  inputs: 2,
  call: "multiply",
  wgsl,
  reference: (a, b) => a * b,
  bound: (by, a, b) => by.multiply(a, b),
});

/** a b, element by element. Throws where the shapes differ. */
export const multiply = (a: Node, b: Node): Node => pair("multiply", a, b);

defineOp({
  name: "multiply",
  calls: (at) => elementwiseCalls(f, at),
  derivative: (at, dy) => {
    const [a, b] = at.inputs as [Node, Node];
    return [multiply(dy, b), multiply(dy, a)];
  },
});
