// An op: its kernel calls on nodes, and its derivative as nodes made of the same ops. One file per op; this is what they share.
import { fail } from "../core/check.ts";
import { elements, type Shape } from "../core/shape.ts";
import { type Node, node } from "../graph/node.ts";
import type { Sizes, Variant } from "../kernel/kernel.ts";

/** A tensor of a call: an input or an output of the op by index, or scratch of a given shape between its calls. */
export type Slot =
  | { readonly input: number }
  | { readonly output: number }
  | { readonly scratch: number; readonly shape: Shape }
  /** Constant u32 words, or f32 numbers. */
  | { readonly words: readonly number[]; readonly dtype?: "f32" };

/** One kernel to dispatch for a node. */
export interface Call {
  readonly kernel: string;
  readonly sizes: Sizes;
  readonly variant?: Variant;
  readonly tensors: Readonly<Record<string, Slot>>;
}

export interface Op {
  readonly name: string;
  /** Shapes of all outputs, the node's own first. */
  readonly outputs?: (at: Node) => readonly Shape[];
  readonly calls: (at: Node) => readonly Call[];
  /** The gradients of the inputs from the gradient of the output; undefined for what has none (labels). */
  readonly derivative?: (at: Node, dy: Node) => readonly (Node | undefined)[];
}

export const ops = new Map<string, Op>();

export function defineOp(op: Op): Op {
  ops.set(op.name, op);
  return op;
}

export const opNamed = (name: string): Op =>
  ops.get(name) ?? fail(`op ${name}`, "is not defined", "import the module that defines it");

export const outputsOf = (at: Node): readonly Shape[] => opNamed(at.op).outputs?.(at) ?? [at.shape];

/** A further output of a node (metrics and gradient of a loss). */
export function output(of: Node, index: number, name: string): Node {
  const shape = outputsOf(of)[index] ?? fail(of.name, `has no output ${index}`);
  return node("output", shape, { inputs: [of], attributes: { index }, name: `${of.name}.${name}` });
}

/** The sum of a dispatch's matrix view: rows x columns. */
export const matrix = (shape: Shape): { rows: number; cols: number } => {
  const cols = shape[shape.length - 1] ?? 1;
  return { rows: elements(shape) / cols, cols };
};
