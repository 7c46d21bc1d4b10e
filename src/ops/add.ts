// y = a + b of equal shapes: residual connections, gradients at a fork.
import wgsl from "../../shaders/ops/add.wgsl?raw";
import type { Node } from "../graph/node.ts";
import { defineElementwise, elementwiseCalls, pair } from "./elementwise.ts";
import { defineOp } from "./op.ts";

const f = defineElementwise({
  name: "add",
  inputs: 2,
  call: "add",
  wgsl,
  reference: (a, b) => a + b,
  bound: (by, a, b) => by.add(a, b),
});

/** a + b, element by element. Throws where the shapes differ. */
export const add = (a: Node, b: Node): Node => pair("add", a, b);

defineOp({ name: "add", calls: (at) => elementwiseCalls(f, at), derivative: (_, dy) => [dy, dy] });
