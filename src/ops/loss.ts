// What losses share: a row kernel writes metrics [2, batch] (losses, hits) and the gradient of the mean; the mean is made only if asked for.
import { fail } from "../core/check.ts";
import { type Shape, showShape } from "../core/shape.ts";
import { type Attributes, type Node, node } from "../graph/node.ts";
import type { Sizes, Variant } from "../kernel/kernel.ts";
import { type Call, defineOp, output, type Slot } from "./op.ts";

export interface LossSpec {
  readonly name: string;
  readonly kernel: string;
  /** Name of the kernel's binding for labels or targets. */
  readonly against: string;
  readonly sizes: (rows: number, cols: number, at: Node) => Sizes;
  /** What a node's options make of the kernel. */
  readonly variant?: (at: Node) => Variant;
  /** Tensors beside z and what it is compared with: weights of rows and classes. */
  readonly tensors?: (at: Node) => Readonly<Record<string, Slot>>;
}

/** What a loss takes only where its mean is read, or is not what is derived: entered by sum.ts, which training does without. */
export interface Mean {
  /** The dispatches that make it of the metrics of `rows` rows. */
  readonly calls: (rows: number) => readonly Call[];
  /** dz times its gradient dy, a number. */
  readonly slope: (dz: Node, dy: Node) => Node;
}

let mean: Mean | undefined;

export const defineMean = (given: Mean): void => {
  mean = given;
};

/** Row losses and hits [2, batch] of a loss node. */
export const metricsOf = (loss: Node): Node => output(loss, 1, "metrics");

export function defineLoss(
  spec: LossSpec,
): (z: Node, against: Node, weights?: Node | undefined, attributes?: Attributes) => Node {
  defineOp({
    name: spec.name,
    outputs: (at): readonly Shape[] => {
      const [rows = 1, cols = 1] = (at.inputs[0] as Node).shape;
      return [[], [2, rows], [rows, cols]];
    },
    calls: (at): readonly Call[] => {
      const [rows = 1, cols = 1] = (at.inputs[0] as Node).shape;
      const own = { z: { input: 0 }, [spec.against]: { input: 1 }, metrics: { output: 1 }, dz: { output: 2 } };
      const tensors = { ...own, ...spec.tensors?.(at) };
      const row = {
        kernel: spec.kernel,
        sizes: spec.sizes(rows, cols, at),
        variant: spec.variant?.(at) ?? {},
        tensors,
      };
      return [row, ...(mean?.calls(rows) ?? [])];
    },
    derivative: (at, dy) => {
      const dz = output(at, 2, "dz");
      if (dy.op === "constant" && dy.attributes.value === 1) return [dz, undefined];
      const { slope } = mean ?? fail(spec.name, "its mean is not loaded", "import ops/sum.ts");
      return [slope(dz, dy), undefined];
    },
  });
  return (z, against, weights, attributes = {}) => {
    const shown = `${z.name} ${showShape(z.shape)} and ${against.name} ${showShape(against.shape)}`;
    if (z.shape.length !== 2 || against.shape[0] !== z.shape[0]) fail(spec.name, `rows differ: ${shown}`);
    if (against.shape.length === 2 && against.shape[1] !== z.shape[1]) fail(spec.name, `widths differ: ${shown}`);
    const inputs = weights ? [z, against, weights] : [z, against];
    return node(spec.name, [], { inputs, attributes, name: "loss" });
  };
}
