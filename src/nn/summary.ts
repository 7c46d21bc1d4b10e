// A model in numbers before anything is allocated: layers, parameters, memory.
import { checkInteger, checkKeys, fail } from "../core/check.ts";
import { ALIGNMENT, elements, roundUp, type Shape, showShape, spanOf } from "../core/shape.ts";
import { input as inputNode, type Node, order } from "../graph/node.ts";
import type { Optimizer } from "../optim/chain.ts";
import { compileNow } from "../optim/compile_now.ts";
import { build, type Layer } from "./layer.ts";

export interface SummaryOptions {
  /** One example's shape, e.g. [784] or [28, 28]. */
  readonly input: Shape;
  /** For the bytes of its state; without one they are 0. */
  readonly optimizer?: Optimizer;
  /** Examples a step, by default 1. */
  readonly batch?: number;
  /** By default 1. */
  readonly runs?: number;
  /** One run's activations as a plan has placed them, instead of the estimate. */
  readonly activationBytes?: number;
}

export interface SummaryRow {
  readonly name: string;
  readonly kind: string;
  /** One example's shapes. */
  readonly input: Shape;
  readonly output: Shape;
  /** The layer's own, without those of layers within it: the rows add up to the model's. */
  readonly parameters: number;
}

/** One run's bytes, and `total` for all runs. The data set, which runs share, is not among them. */
export interface SummaryBytes {
  /** As stored: rows padded to a pitch of 4, tensors at multiples of 64 elements. */
  readonly parameters: number;
  /** Of the gradient arena, as large as the parameters; 0 where a plan fuses the update into the weight gradients. */
  readonly gradients: number;
  /** The optimizer's slots, each as large as the parameters. */
  readonly state: number;
  readonly activations: number;
  readonly run: number;
  readonly total: number;
}

export interface Summary {
  readonly rows: readonly SummaryRow[];
  /** Logical: 203,530 for 784-256-10. */
  readonly parameters: number;
  /** Numbers a run's parameters take in the arena. */
  readonly stored: number;
  /** State numbers for each parameter. */
  readonly slots: number;
  readonly batch: number;
  readonly runs: number;
  /** Whether the bytes of activations were estimated rather than given. */
  readonly estimated: boolean;
  readonly bytes: SummaryBytes;
  /** A table for people. */
  toString(): string;
}

const BYTES = 4;
const stored = (shapes: readonly Shape[]): number =>
  shapes.reduce((total, shape) => total + roundUp(spanOf(shape), ALIGNMENT), 0);

const LEAVES = new Set(["input", "parameter", "variable", "constant"]);

/** The batch, and each op's output and its gradient, nothing fused and no room used twice: as a rule more than a plan takes. */
function activationEstimate(x: Node, output: Node): number {
  const made = order([output]).filter(({ op }) => !LEAVES.has(op));
  return BYTES * (stored([x.shape]) + 2 * stored(made.map(({ shape }) => shape)));
}

const grouped = (n: number): string => n.toLocaleString("en-US");

function showBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** Columns as wide as their widest cell; those named in `right` are aligned on the right. */
function table(lines: readonly (readonly string[])[], right: readonly number[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  const cell = (text: string, column: number): string => {
    const width = widths[column] ?? 0;
    return right.includes(column) ? text.padStart(width) : text.padEnd(width);
  };
  return lines.map((line) => line.map(cell).join("  ").trimEnd()).join("\n");
}

function print(of: Omit<Summary, "toString">): string {
  const { rows, bytes, batch, runs } = of;
  const numbers = rows.map(({ name, kind, input, output, parameters }) => {
    return [name, kind, showShape(input), showShape(output), grouped(parameters)];
  });
  const model = [
    ["layer", "kind", "input", "output", "parameters"],
    ...numbers,
    ["total", "", "", "", grouped(of.parameters)],
  ];
  const how = of.estimated ? "estimate, " : "";
  const memory = [
    ["parameters", showBytes(bytes.parameters), `${grouped(of.stored)} f32 with padding`],
    ["gradients", showBytes(bytes.gradients), ""],
    ["optimizer state", showBytes(bytes.state), `${of.slots} for each parameter`],
    ["activations", showBytes(bytes.activations), `${how}batch ${grouped(batch)}`],
    ["one run", showBytes(bytes.run), ""],
    ...(runs > 1 ? [[`${grouped(runs)} runs`, showBytes(bytes.total), ""]] : []),
  ];
  return `${table(model, [4])}\n\n${table(memory, [1])}`;
}

function checkOptions(options: SummaryOptions): void {
  checkKeys("summary", options, ["input", "optimizer", "batch", "runs", "activationBytes"]);
  const { input, batch = 1, runs = 1, activationBytes = 0 } = options;
  if (!Array.isArray(input) || input.length === 0) {
    fail("summary", "input is no shape, expected that of one example", "give input: [784]");
  }
  for (const size of input) checkInteger("summary", "a size of input", size, { min: 1 });
  checkInteger("summary", "batch", batch, { min: 1 });
  checkInteger("summary", "runs", runs, { min: 1 });
  checkInteger("summary", "activationBytes", activationBytes, { min: 0 });
}

/**
 * What a model is and what training it takes, in numbers and, by toString(), as a table. Bytes are one run's but for
 * `bytes.total`. Throws for a model that cannot be built and for sizes that are no positive integers.
 */
export function summary(model: readonly Layer[] | Layer, options: SummaryOptions): Summary {
  checkOptions(options);
  const { input, optimizer, batch = 1, runs = 1, activationBytes } = options;
  const x = inputNode("x", [batch, elements(input)]);
  const { output, parameters, layers } = build(model, x, { training: true });
  const rows = layers.map((layer, i): SummaryRow => {
    const own = layer.parameters.reduce((total, { shape }) => total + elements(shape), 0);
    const from = i === 0 ? input : layer.input.slice(1);
    return { name: layer.name, kind: layer.kind, input: from, output: layer.output.slice(1), parameters: own };
  });
  const slots = optimizer ? compileNow(optimizer).slots : 0;
  const span = stored(parameters.map(({ shape }) => shape));
  const arena = BYTES * span;
  const activations = activationBytes ?? activationEstimate(x, output);
  const run = (2 + slots) * arena + activations;
  const result = {
    rows,
    parameters: rows.reduce((total, row) => total + row.parameters, 0),
    stored: span,
    slots,
    batch,
    runs,
    estimated: activationBytes === undefined,
    bytes: { parameters: arena, gradients: arena, state: slots * arena, activations, run, total: runs * run },
  };
  // Not enumerable, so that a summary is plain data to JSON, to a worker and to a comparison.
  Object.defineProperty(result, "toString", { value: () => print(result), enumerable: false });
  return result;
}
