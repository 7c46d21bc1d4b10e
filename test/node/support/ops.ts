// Ops and rules as a user would define them: what optimizers written as graphs need and the library's own do not.
import { type Node, node } from "../../../src/graph/node.ts";
import { defineElementwise, elementwiseCalls, pair } from "../../../src/ops/elementwise.ts";
import { defineOp } from "../../../src/ops/op.ts";

const divideF = defineElementwise({
  name: "test divide",
  inputs: 2,
  call: "divide",
  wgsl: "fn divide(a: vec4f, b: vec4f) -> vec4f {\n  return a / b;\n}",
  reference: (a, b) => a / b,
  bound: (by, a, b) => by.divide(a, b),
});
defineOp({ name: divideF.name, calls: (at) => elementwiseCalls(divideF, at) });

const rootF = defineElementwise({
  name: "test root",
  inputs: 1,
  call: "root",
  wgsl: "fn root(x: vec4f) -> vec4f {\n  return sqrt(x);\n}",
  reference: (x) => Math.sqrt(x),
  bound: (by, x) => by.root(x),
});
defineOp({ name: rootF.name, calls: (at) => elementwiseCalls(rootF, at) });

const largerF = defineElementwise({
  name: "test larger",
  inputs: 2,
  call: "larger",
  wgsl: "fn larger(a: vec4f, b: vec4f) -> vec4f {\n  return max(a, b);\n}",
  reference: (a, b) => Math.max(a, b),
  bound: (_, a, b) => ({ v: Math.max(a.v, b.v), e: Math.max(a.e, b.e) }),
});
defineOp({ name: largerF.name, calls: (at) => elementwiseCalls(largerF, at) });

export const divide = (a: Node, b: Node): Node => pair(divideF.name, a, b);
export const root = (x: Node): Node => node(rootF.name, x.shape, { inputs: [x] });
export const larger = (a: Node, b: Node): Node => pair(largerF.name, a, b);
