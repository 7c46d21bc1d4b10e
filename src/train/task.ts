// A task: data, model, loss. Its graphs for training, evaluation and prediction, and the data's place on the device.
import { fail } from "../core/check.ts";
import { columnsOf, pitchOf, roundUp, showShape } from "../core/shape.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Split } from "../data/split.ts";
import { constant, input, type Node } from "../graph/node.ts";
import { build, type Layer, type Model } from "../nn/layer.ts";
import { type Loss, loadLoss, lossKindOf, lossOf, type Rows } from "../nn/losses.ts";
import { gather, type Source, take } from "../ops/gather.ts";
import type { Storage } from "../backend/backend.ts";
import type { BufferSpec } from "../scheduler/plan.ts";
import type { Home } from "../scheduler/work.ts";

export interface Task {
  readonly data: Dataset;
  readonly model: readonly Layer[];
  readonly loss: Loss;
}

/** A graph of one batch size, with its leaves. */
export interface TaskGraph {
  readonly rows: Node;
  readonly homes: ReadonlyMap<Node, Home>;
  readonly model: Model;
  /** The labels or targets of the batch. */
  readonly against: Node;
  readonly loss: Node;
}

/** Names of the data's buffers: one set per data set on a device. */
const X = "data.x";
const Y = "data.y";
const WEIGHTS = "data.weights";
/** Scale, then shift, in one buffer: a binding less. */
const SCALING = "data.scaling";

export const isBytes = (data: Dataset): boolean => data.x instanceof Uint8Array;

export const hasLabels = (data: Dataset): boolean => data.y instanceof Uint32Array;

/** The leaves of x: rows of bytes or floats with their scale and shift. */
export function sourceOf(data: Dataset, batch: number, prefix = ""): { source: Source; homes: Map<Node, Home> } {
  const { count, features } = data;
  const at = (name: string, pitch: number): Home => ({ buffer: `${prefix}${name}`, offset: 0, run: 0, pitch });
  const room = pitchOf(features);
  const source: Source = {
    data: input(X, [count, features], isBytes(data) ? "u8" : "f32"),
    rows: input("rows", [batch], "u32"),
    scale: input("scale", [features]),
    shift: input("shift", [features]),
  };
  const homes = new Map([
    [source.data, at(X, room)],
    [source.scale, { buffer: SCALING, offset: 0, run: 0, numbers: data.scale }],
    [source.shift, { buffer: SCALING, offset: room, run: 0, numbers: data.shift }],
  ]);
  return { source, homes };
}

/** Columns of f32 in the data set, gathered as they are. */
function columnsAt(leaf: Node, rows: Node, width: number, name: string): Node {
  return gather({ data: leaf, rows, scale: constant(1, [width]), shift: constant(0, [width]) }, name);
}

/** The labels or targets of the batch. */
function againstOf(data: Dataset, rows: Node): { node: Node; leaf: Node; home: Home } {
  if (hasLabels(data)) {
    const leaf = input(Y, [data.count], "u32");
    return { node: take(leaf, rows), leaf, home: { buffer: Y, offset: 0, run: 0 } };
  }
  const leaf = input(Y, [data.count, data.outputs]);
  return {
    node: columnsAt(leaf, rows, data.outputs, "targets"),
    leaf,
    home: { buffer: Y, offset: 0, run: 0, pitch: pitchOf(data.outputs) },
  };
}

/** Checks that the model's output fits the data's labels or targets. */
function checkOutput({ data, loss }: Task, output: Node): void {
  const width = columnsOf(output.shape);
  const { against } = lossKindOf(loss);
  if ((against === "labels") !== hasLabels(data)) {
    fail("task", `${loss.kind} needs ${against}, ${data.name} has ${hasLabels(data) ? "labels" : "targets"}`);
  }
  if (width === data.outputs) return;
  const has = hasLabels(data) ? `${data.outputs} classes` : `targets of width ${data.outputs}`;
  fail(
    "task",
    `the model ends in ${showShape(output.shape)}, ${data.name} has ${has}`,
    `end it in linear(${data.outputs})`,
  );
}

/** The weights of the batch's rows, and their mean: that of the batch, or of the rows that are evaluated. */
function rowsOf({ weights, y, count }: Dataset, rows: Node, split: Split | undefined, homes: Map<Node, Home>): Rows {
  const leaf = input(WEIGHTS, [count, 1]);
  if (weights) homes.set(leaf, { buffer: WEIGHTS, offset: 0, run: 0, pitch: pitchOf(1) });
  return {
    samples: weights && columnsAt(leaf, rows, 1, "weights"),
    mean(classes) {
      if (!split) return -1;
      let total = 0;
      for (let i = split.start; i < split.start + split.count; i++)
        total += (weights?.[i] ?? 1) * (classes?.[y[i] as number] ?? 1);
      return total / split.count;
    },
  };
}

/** Imports what a task takes beyond what its parts were made with. */
export const prepare = ({ data, loss }: Task): Promise<void> => loadLoss(loss, data.weights !== undefined);

/** The graph of a task at a batch size: x, the model, the loss; as it is trained, or as some rows are evaluated. */
export function taskGraph(task: Task, batch: number, evaluated?: Split): TaskGraph {
  const { data, model: layers, loss: spec } = task;
  const { source, homes } = sourceOf(data, batch);
  const model = build(layers, gather(source), { training: !evaluated });
  checkOutput(task, model.output);
  const against = againstOf(data, source.rows);
  homes.set(against.leaf, against.home);
  const rows = rowsOf(data, source.rows, evaluated, homes);
  const loss = lossOf(spec, model.output, against.node, rows);
  return { rows: source.rows, homes, model, against: against.node, loss };
}

/** Buffers of a data set: rows at their pitch. */
export function dataBuffers(data: Dataset): BufferSpec[] {
  const { count, features, outputs } = data;
  const common = { role: "data" } as const;
  const labels = hasLabels(data);
  return [
    { name: X, dtype: isBytes(data) ? "u8" : "f32", length: roundUp(count * pitchOf(features), 16), ...common },
    {
      name: Y,
      dtype: labels ? "u32" : "f32",
      length: roundUp(labels ? count : count * pitchOf(outputs), 4),
      ...common,
    },
    { name: SCALING, dtype: "f32", length: 2 * pitchOf(features), ...common },
    ...(data.weights ? [{ name: WEIGHTS, dtype: "f32", length: count * pitchOf(1), ...common } as const] : []),
  ];
}

/** Rows at their pitch, padding 0. */
export function pitched<T extends Uint8Array | Float32Array | Uint32Array>(data: T, cols: number): T {
  const room = pitchOf(cols);
  if (room === cols) return data;
  const rows = data.length / cols;
  const result = new (data.constructor as new (length: number) => T)(rows * room);
  for (let i = 0; i < rows; i++) result.set(data.subarray(i * cols, (i + 1) * cols), i * room);
  return result;
}

/** One upload. */
export function writeData(storage: Storage, data: Dataset): void {
  storage.write(X, pitched(data.x, data.features));
  storage.write(Y, hasLabels(data) ? data.y : pitched(data.y, data.outputs));
  if (data.weights) storage.write(WEIGHTS, pitched(data.weights, 1));
  storage.write(SCALING, data.scale);
  storage.write(SCALING, data.shift, pitchOf(data.features));
}
