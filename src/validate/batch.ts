// A batch of cases before and after the GPU: inputs and poison in, the references' values and bounds beside them, then the verdicts.
import "../ops/bounds.ts";
import "../optim/update.bounds.ts";
import { columnsOf, type Dtype, pitchOf, rowsOf } from "../core/shape.ts";
import { type Numbers, Tensor } from "../core/tensor.ts";
import { execute } from "../backend/execute.ts";
import { type Case, describeCase } from "../kernel/cases.ts";
import { type Comparison, compare, describeWrong } from "../kernel/compare.ts";
import { FLUSH } from "../kernel/bound.ts";
import type { Rounding } from "../kernel/kernel.ts";
import { numberAt, streamOf } from "./fill.ts";
import { instances, type LaidCase, type LaidTensor, lay, type Room, runTable } from "./layout.ts";

/** What lies wherever nothing was put: NaNs, absurd words, unlikely bytes; others around outputs, so that no copy looks untouched. */
const POISON = { f32: 0x7fc0dead, u32: 0xdeadbeef, u8: 0xfbfbfbfb } as const;
const OUTPUT_POISON = { f32: 0x7fc0beef, u32: 0xfeedface, u8: 0xfbfbfbfb } as const;

/** One buffer: the bits that go to the GPU, and on the CPU the numbers and bounds the references work on. */
export interface Filled {
  readonly dtype: Dtype;
  readonly part: boolean;
  readonly words: Uint32Array<ArrayBuffer>;
  readonly numbers: Numbers;
  readonly errors: Float64Array;
}

export interface Batch {
  readonly cases: readonly LaidCase[];
  readonly buffers: ReadonlyMap<string, Filled>;
  /** Names of the buffers some case writes. */
  readonly written: readonly string[];
  readonly runs: Uint32Array<ArrayBuffer>;
}

export interface Outcome {
  readonly at: Case;
  /** The worst of the case's outputs. */
  readonly comparison: Comparison;
  /** What is wrong, in words; undefined where the case agrees. */
  readonly message: string | undefined;
}

function emptyBuffer({ dtype, length, part }: Room): Filled {
  const words = new Uint32Array(Math.ceil((dtype === "u8" ? length / 4 : length) / 4) * 4 || 4).fill(POISON[dtype]);
  return { dtype, part, words, numbers: words, errors: new Float64Array(dtype === "f32" ? words.length : 0) };
}

function put(
  { at }: LaidCase,
  { name, binding, fill, start, end }: LaidTensor,
  { dtype, words, errors }: Filled,
): void {
  if (binding.mode !== "read" && dtype !== "u8") words.fill(OUTPUT_POISON[dtype], start, end);
  if (fill === undefined) return;
  const floats = new Float32Array(words.buffer);
  const bytes = new Uint8Array(words.buffer);
  const [rows, columns] =
    binding.shape.length <= 1 ? [1, columnsOf(binding.shape)] : [rowsOf(binding.shape), columnsOf(binding.shape)];
  for (const { offset, run, slice } of instances(at, binding)) {
    const key = { seed: at.seed, stream: streamOf(name), instance: run * at.slices + slice, run, columns };
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const place = offset + row * binding.pitch + column;
        const value = numberAt(fill, { ...key, row, column });
        if (dtype === "f32") {
          floats[place] = value;
          // A subnormal input may be flushed by whatever reads it.
          if (Math.abs(value) < FLUSH) errors[place] = Math.abs(value);
        } else if (dtype === "u32") words[place] = value;
        else bytes[place] = value;
      }
    }
  }
}

/** The CPU's side of a buffer: f64 from the very bits the GPU gets. */
function numbersOf({ dtype, words }: Filled): Numbers {
  if (dtype === "f32") return Float64Array.from(new Float32Array(words.buffer));
  return dtype === "u32" ? words.slice() : new Uint8Array(words.buffer).slice();
}

/** Lays the cases out, fills them, and plays them through the references with their bounds. */
export function prepare(cases: readonly Case[], rounding: Rounding): Batch {
  const rooms = new Map<string, Room>();
  const laid = cases.map((at) => lay(at, rooms));
  const runs = runTable(Math.max(1, ...cases.map((at) => at.runs.first + at.runs.count)));
  const buffers = new Map([...rooms].map(([name, room]) => [name, emptyBuffer(room)]));
  for (const one of laid)
    for (const tensor of one.tensors) put(one, tensor, buffers.get(tensor.binding.buffer) as Filled);
  const filled = new Map([...buffers].map(([name, buffer]) => [name, { ...buffer, numbers: numbersOf(buffer) }]));
  const memory = {
    data: (name: string) => (name === "runs" ? runs : (filled.get(name) as Filled).numbers),
    errors: (name: string) => (filled.get(name) as Filled).errors,
  };
  for (const { at, dispatch } of laid) execute(dispatch, memory, at.step, rounding);
  const outputs = laid.flatMap(({ tensors }) => tensors.filter(({ binding }) => binding.mode !== "read"));
  const written = [...new Set(outputs.map(({ binding }) => binding.buffer))].filter((name) => !filled.get(name)?.part);
  return { cases: laid, buffers: filled, written, runs };
}

const isWorse = (a: Comparison, b: Comparison | undefined): boolean => b === undefined || a.ratio > b.ratio;

/** Marks what an output may change: 1 its own elements, 2 the rest of its last vec4s, which may become 0. */
function mark(
  allowed: Uint8Array,
  from: number,
  { shape, pitch }: Pick<Tensor, "shape"> & { pitch: number },
  offset: number,
): void {
  const cols = columnsOf(shape);
  const rows = shape.length <= 1 ? 1 : rowsOf(shape);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < pitchOf(cols); j++) {
      const place = offset + row * pitch + j - from;
      if (j < cols) allowed[place] = 1;
      else if (allowed[place] === 0) allowed[place] = 2;
    }
  }
}

/** The first element of the tensor's stretch that changed without leave: guards, other runs, rows' padding, all of an input. */
function trespass(
  { at }: LaidCase,
  { name, binding, start, end }: LaidTensor,
  before: Uint32Array,
  after: Uint32Array,
): string | undefined {
  const allowed = new Uint8Array(end - start + 4);
  const outputs = binding.mode === "read" ? [] : instances(at, binding);
  for (const { offset } of outputs) mark(allowed, start, binding, offset);
  for (let i = start; i < end; i++) {
    if (allowed[i - start] === 1 || after[i] === before[i]) continue;
    if (allowed[i - start] === 2 && ((after[i] as number) & 0x7fffffff) === 0) continue;
    return `${name} was changed at element ${i - binding.offset} from its offset, where it has none`;
  }
  return undefined;
}

function judgeCase(one: LaidCase, batch: Batch, results: ReadonlyMap<string, Uint32Array>): Outcome {
  const { at, tensors } = one;
  let worst: Comparison | undefined;
  let message: string | undefined;
  const touched = tensors.filter(({ binding }) => results.has(binding.buffer));
  const several = touched.filter(({ binding }) => binding.mode !== "read").length > 1;
  for (const tensor of touched) {
    const { binding, name } = tensor;
    const { dtype, numbers, errors, words } = batch.buffers.get(binding.buffer) as Filled;
    const found = results.get(binding.buffer) as Uint32Array;
    for (const { offset, run, slice } of binding.mode === "read" ? [] : instances(at, binding)) {
      const want = new Tensor(numbers, binding.shape, { offset, pitch: binding.pitch, errors });
      const comparison = compare(found, want, { dtype, tier: at.tier });
      if (isWorse(comparison, worst)) worst = comparison;
      const where = `run ${run}${slice > 0 ? ` slice ${slice}` : ""}${several ? ` ${name}` : ""}`;
      if (comparison.wrong > 0) message ??= `${describeCase(at)} ${where}: ${describeWrong(comparison)}`;
    }
    const changed = trespass(one, tensor, words, found);
    if (changed) message ??= `${describeCase(at)}: ${changed}`;
  }
  return { at, comparison: worst as Comparison, message };
}

/** The verdicts on what came back from the GPU, buffer by buffer. */
export const judge = (batch: Batch, results: ReadonlyMap<string, Uint32Array>): Outcome[] =>
  batch.cases.map((one) => judgeCase(one, batch, results));

/**
 * The outcome whose error is the largest share of its bound. Cases of special numbers count only where there are no others: an
 * adapter that takes a subnormal for 0 uses up all of that allowance, and it says nothing of the arithmetic.
 */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  const ordinary = outcomes.filter(({ at, message }) => at.fill !== "special" || message !== undefined);
  return (ordinary.length > 0 ? ordinary : outcomes).reduce((a, b) =>
    b.comparison.ratio > a.comparison.ratio ? b : a,
  );
}
