// Losses against targets: what they share, a row kernel whose hooks are a loss' term, slope and hits.
import wgsl from "../../shaders/ops/target_loss.wgsl?raw";
import { fail } from "../core/check.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Attributes, constant, type Node } from "../graph/node.ts";
import type { Approx, Bounds } from "../kernel/bound.ts";
import { type Context, defineKernel, read, type Sizes, type Tensors, type Variant, write } from "../kernel/kernel.ts";
import { defineLoss } from "./loss.ts";

/** The loss of one number against its target: what it is, its slope in z, whether it is a hit, and the bounds of the first two. */
export interface TargetLoss {
  readonly term: (z: number, target: number, column: number) => number;
  readonly slope: (z: number, target: number, column: number) => number;
  readonly hit?: (z: number, target: number) => boolean;
  readonly bound: (by: Bounds, z: Approx, target: Approx, column: number) => Approx;
  readonly slopeBound: (by: Bounds, z: Approx, target: Approx, column: number) => Approx;
}

/** By the label of the kernel's variant. */
export const targetLosses = new Map<string, TargetLoss>();

/** The loss a dispatch of target_loss plays. */
export const playedLoss = ({ variant: { label = "" } }: Context): TargetLoss =>
  targetLosses.get(label) ?? fail(`loss ${label}`, "is not defined", "import the module that defines it");

function reference(tensors: Tensors, { rows = 0, cols = 1, factor = 1, share = 1 }: Sizes, context: Context): void {
  const { z, targets, weights, metrics, dz } = tensors as Readonly<Record<string, Tensor>>;
  const { term, slope, hit } = playedLoss(context);
  for (let i = 0; i < rows; i++) {
    const counts = i < context.valid;
    const weight = (weights as Tensor).at(i);
    let [sum, hits] = [0, 0];
    for (let j = 0; j < cols; j++) {
      const [value, target] = [(z as Tensor).at(i, j), (targets as Tensor).at(i, j)];
      sum += term(value, target, j);
      if (hit?.(value, target)) hits++;
      dz?.set(counts ? factor * weight * slope(value, target, j) : 0, i, j);
    }
    metrics?.set(counts ? share * sum * weight : 0, 0, i);
    metrics?.set(counts ? share * hits : 0, 1, i);
  }
}

defineKernel({
  name: "target_loss",
  wgsl,
  params: ["rows", "cols", "factor", "share"],
  hooks: ["term", "slope", "hit", "target_of"],
  bindings: ({ rows = 0, cols = 0 }) => ({
    ...{ z: read(rows, cols), targets: read(rows, cols), weights: read(rows) },
    ...{ metrics: write(2, rows), dz: write(rows, cols) },
  }),
  threads: ({ rows = 0 }) => [rows],
  reference,
});

/** A hook that calls a fragment's function with its own parameters, the columns' place left out where it makes no difference. */
const hookOf = (hook: string, call: string, columns: boolean): string =>
  `fn ${hook}(value: vec4f, wanted: vec4f${hook === "hit" ? "" : ", quad: u32"}) -> vec4f {\n  return ${call}(value, wanted${columns ? ", quad" : ""});\n}`;

/** A loss as a variant of the kernel. `call` begins the names of the fragment's functions; without one it is the kernel's own. */
export interface TargetLossText {
  readonly label: string;
  readonly call?: string;
  readonly wgsl?: string;
  readonly hits?: boolean;
  /** Whether its term and slope are other functions in other columns. */
  readonly columns?: boolean;
}

/** The variant that plays a loss. */
export function targetVariant({ label, call, wgsl: text, hits, columns = false }: TargetLossText): Variant {
  const hooks: Record<string, string> = call
    ? { term: hookOf("term", call, columns), slope: hookOf("slope", `${call}_slope`, columns) }
    : {};
  if (hits) hooks.hit = hookOf("hit", `${call}_hit`, false);
  return { label, hooks, ...(text ? { fragments: [text] } : {}) };
}

type TargetLossOf = (z: Node, targets: Node, weights?: Node, attributes?: Attributes) => Node;

/**
 * Declares an op whose loss is the mean over batch and columns of a term times its row's weight; `textOf` names the term by the node's
 * attributes. The function on nodes takes z and targets [batch, columns], weights [batch] (1 where they are left out), attributes.
 */
export function defineTargetLoss(name: string, textOf: (attributes: Attributes) => TargetLossText): TargetLossOf {
  const of = defineLoss({
    name,
    kernel: "target_loss",
    against: "targets",
    sizes: (rows, cols) => ({ rows, cols, factor: Math.fround(1 / (rows * cols)), share: Math.fround(1 / cols) }),
    variant: ({ attributes }) => targetVariant(textOf(attributes)),
    tensors: () => ({ weights: { input: 2 } }),
  });
  return (z, targets, weights, attributes) => of(z, targets, weights ?? constant(1, z.shape.slice(0, 1)), attributes);
}
