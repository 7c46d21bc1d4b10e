// The frames of elementwise work: map (one input) and zip (two). An elementwise function is a WGSL fragment and its f64 counterpart.
import identity from "../../shaders/ops/identity.wgsl?raw";
import mapWgsl from "../../shaders/ops/map.wgsl?raw";
import zipWgsl from "../../shaders/ops/zip.wgsl?raw";
import { fail } from "../core/check.ts";
import { sameShape, showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Node, node } from "../graph/node.ts";
import type { Approx, Bounds } from "../kernel/bound.ts";
import { type Context, defineKernel, read, type Sizes, type Tensors, type Variant, write } from "../kernel/kernel.ts";
import { type Call, matrix } from "./op.ts";

/** Where a placed function stands: the element, its tensor's width, and the step and run it is of. */
export interface Spot {
  readonly i: number;
  readonly j: number;
  readonly cols: number;
  readonly context: Context;
}

export interface Elementwise {
  readonly name: string;
  readonly inputs: 1 | 2;
  /** The WGSL function of the fragment, on vec4f. */
  readonly call: string;
  readonly wgsl: string;
  /** Of one input, and a function of where the element lies too: its call on a quad, given at, row and column. */
  readonly placed?: (columns: string) => string;
  /** Bindings it reads beside its inputs. */
  readonly extra?: NonNullable<Variant["extra"]>;
  readonly reference: (a: number, b: number, spot: Spot) => number;
  /** The same computation as the fragment's, with its error bound. */
  readonly bound: (by: Bounds, a: Approx, b: Approx, spot: Spot) => Approx;
}

export const elementwise = new Map<string, Elementwise>();

export function defineElementwise(spec: Elementwise): Elementwise {
  elementwise.set(spec.name, spec);
  return spec;
}

export const elementwiseNamed = (name: string): Elementwise =>
  elementwise.get(name) ?? fail(`function ${name}`, "is not defined", "import the module that defines it");

/** The function a dispatch of map or zip plays. */
export const played = (context: Context): Elementwise => elementwiseNamed(context.variant.label ?? "");

function reference(tensors: Tensors, { rows = 0, cols = 0 }: Sizes, context: Context): void {
  const { reference: f } = played(context);
  const y = tensors.y as Tensor;
  const a = (tensors.x ?? tensors.a) as Tensor;
  const b = tensors.b ?? a;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) y.set(f(a.at(i, j), b.at(i, j), { i, j, cols, context }), i, j);
}

const quads = ({ rows = 0, cols = 0 }: Sizes): [number] => [rows * Math.ceil(cols / 4)];

defineKernel({
  name: "map",
  wgsl: mapWgsl,
  params: ["rows", "cols"],
  hooks: ["apply"],
  bindings: ({ rows = 0, cols = 0 }) => ({ x: read(rows, cols), y: write(rows, cols) }),
  threads: quads,
  reference,
});

defineKernel({
  name: "zip",
  wgsl: zipWgsl,
  params: ["rows", "cols"],
  hooks: ["apply"],
  bindings: ({ rows = 0, cols = 0 }) => ({ a: read(rows, cols), b: read(rows, cols), y: write(rows, cols) }),
  threads: quads,
  reference,
});

/** The call of a function of one input on v, where at, row, column and the number of columns are known. */
export const callOf = ({ call, placed }: Elementwise, columns: string): string => placed?.(columns) ?? `${call}(v)`;

export function elementwiseVariant(f: Elementwise): Variant {
  const apply =
    f.inputs === 1
      ? `fn apply(v: vec4f, at: Place, row: u32, column: u32) -> vec4f {\n  return ${callOf(f, "params.cols")};\n}`
      : `fn apply(left: vec4f, right: vec4f) -> vec4f {\n  return ${f.call}(left, right);\n}`;
  return { label: f.name, hooks: { apply }, fragments: [f.wgsl], ...(f.extra ? { extra: f.extra } : {}) };
}

/** The one dispatch of an elementwise node. */
export function elementwiseCalls(f: Elementwise, at: Node): readonly Call[] {
  const variant = elementwiseVariant(f);
  const sizes = matrix(at.shape);
  if (f.inputs === 1) return [{ kernel: "map", sizes, variant, tensors: { x: { input: 0 }, y: { output: 0 } } }];
  return [{ kernel: "zip", sizes, variant, tensors: { a: { input: 0 }, b: { input: 1 }, y: { output: 0 } } }];
}

/** A node of two inputs of one shape; throws where they differ. */
export function pair(op: string, a: Node, b: Node): Node {
  if (!sameShape(a.shape, b.shape)) {
    fail(
      op,
      `shapes differ: ${a.name} ${showShape(a.shape)} and ${b.name} ${showShape(b.shape)}`,
      "they must be equal",
    );
  }
  return node(op, a.shape, { inputs: [a, b] });
}

/** A copy from one place to another. */
defineElementwise({
  name: "identity",
  inputs: 1,
  call: "identity",
  wgsl: identity,
  reference: (a) => a,
  bound: (_, a) => a,
});
