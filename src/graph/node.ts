// The graph: nodes with a logical shape for one run. The run axis is nowhere in it; every kernel adds it.
import { fail } from "../core/check.ts";
import { type Dtype, type Shape, showShape } from "../core/shape.ts";

export type Attributes = Readonly<Record<string, number | boolean | string | readonly number[]>>;

export interface Node {
  readonly id: number;
  /** An op's name, or a leaf: "input", "parameter", "variable", "constant". */
  readonly op: string;
  readonly inputs: readonly Node[];
  readonly shape: Shape;
  readonly dtype: Dtype;
  readonly attributes: Attributes;
  /** For people and errors: layer1.w, layer2.relu. */
  readonly name: string;
}

let count = 0;

export interface NodeOptions {
  readonly inputs?: readonly Node[];
  readonly dtype?: Dtype;
  readonly attributes?: Attributes;
  readonly name?: string;
}

export function node(op: string, shape: Shape, options: NodeOptions = {}): Node {
  const { inputs = [], dtype = "f32", attributes = {}, name } = options;
  for (const size of shape) {
    if (!Number.isInteger(size) || size < 1)
      fail(name ?? op, `shape ${showShape(shape)} has a size that is no positive integer`);
  }
  const id = count++;
  return { id, op, inputs, shape, dtype, attributes, name: name ?? scopedName(op) };
}

/** Names given to new nodes while a layer is built: layer1.matmul. */
const scopes: string[] = [];

const scopedName = (op: string): string => [...scopes, op].join(".");

export function scope<T>(name: string, build: () => T): T {
  scopes.push(name);
  try {
    return build();
  } finally {
    scopes.pop();
  }
}

/** Data from outside: a resident data set, rows of a batch. */
export const input = (name: string, shape: Shape, dtype: Dtype = "f32"): Node => node("input", shape, { name, dtype });

/** A trainable tensor in the parameter arena. */
export const parameter = (name: string, shape: Shape): Node =>
  node("parameter", shape, { name: [...scopes, name].join(".") });

/** State that is not trained: running statistics, an optimizer's factors; changed by `assign`. */
export const variable = (name: string, shape: Shape): Node => node("variable", shape, { name });

/** A tensor of one number throughout. */
export const constant = (value: number, shape: Shape = []): Node => node("constant", shape, { attributes: { value } });

/** Nodes in the order they can be computed, each after its inputs; roots' order kept. */
export function order(roots: readonly Node[]): Node[] {
  const seen = new Set<Node>();
  const result: Node[] = [];
  const stack: { at: Node; next: number }[] = [];
  const enter = (at: Node): void => {
    if (seen.has(at)) return;
    seen.add(at);
    stack.push({ at, next: 0 });
  };
  for (const root of roots) {
    enter(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1] as { at: Node; next: number };
      const child = top.at.inputs[top.next++];
      if (child) enter(child);
      else {
        result.push(top.at);
        stack.pop();
      }
    }
  }
  return result;
}
