// Ops and rules as a user would define them: what optimizers written as graphs need and the library's own do not.
import { type Node, node } from "../../../src/graph/node.ts";
import { exact } from "../../../src/kernel/bound.ts";
import { defineElementwise, elementwiseCalls, pair } from "../../../src/ops/elementwise.ts";
import { defineOp } from "../../../src/ops/op.ts";
import { defineRule } from "../../../src/optim/rule.ts";

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

/** u / |u|, the norm over what the phase before it reduced. */
export const unitRule = defineRule({
  name: "test unit",
  wgsl: `struct Unit { squared_norm: f32 }
fn unit(u: f32, p: f32, h: Unit) -> f32 {
  return u / sqrt(h.squared_norm);
}`,
  options: {},
  fields: () => ({}),
  reduces: { field: "squared_norm", kind: "squaredNorm" },
  reference: (u, _, { squared_norm = 0 }) => u / Math.sqrt(squared_norm),
  bound: (by, u, _, { squared_norm }) => by.divide(u, by.root(squared_norm ?? exact(0))),
});

/** u |p|: the reduction is the parameters' squared norm. */
export const timesNormRule = defineRule({
  name: "test times norm",
  wgsl: `struct TimesNorm { squared_norm: f32 }
fn times_norm(u: f32, p: f32, h: TimesNorm) -> f32 {
  return u * sqrt(h.squared_norm);
}`,
  options: {},
  fields: () => ({}),
  reduces: { field: "squared_norm", kind: "squaredNorm" },
  reference: (u, _, { squared_norm = 0 }) => u * Math.sqrt(squared_norm),
  bound: (by, u, _, { squared_norm }) => by.multiply(u, by.root(squared_norm ?? exact(0))),
});
