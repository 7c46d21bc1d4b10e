// Work as statements on one row of the batch, kernel by kernel, in the text of a network's kernel. Throws Unfit for other work.
import { columnsOf } from "../core/shape.ts";
import { callOf, elementwiseNamed } from "../ops/elementwise.ts";
import { BYTES } from "../ops/gather.ts";
import { crossEntropyRow, targetLossRow } from "./network_loss.ts";
import { literal, narrowed, type Row, spread, together, widened } from "./network_row.ts";
import { NetworkText } from "./network_text.ts";
import type { ChoiceKind } from "./choices.ts";
import type { Value, Work } from "./work.ts";

/** Why work cannot be a network's kernel, for a pass's account. */
export class Unfit extends Error {
  readonly kind: ChoiceKind;
  readonly works: readonly Work[];
  readonly numbers: readonly number[];

  constructor(kind: ChoiceKind, works: readonly Work[], numbers: readonly number[] = []) {
    super(kind);
    this.kind = kind;
    this.works = works;
    this.numbers = numbers;
  }
}

type Tensors<K extends string> = Readonly<Record<K, Value>>;

const PICKS = { name: "picks", type: "array<u32>", access: "read" } as const;
const RUNS = { name: "runs", type: "array<Run>", access: "read" } as const;
const STEP = { name: "step", type: "Step", access: "read" } as const;
const PICKS_AT =
  "let picks_at = params.picks.offset + runs[at.run].order * params.picks.run + step.index * params.picks.step;";

/** Numbers from the first of a four, as one value. */
const four = (width: number, number: (x: number) => string): string =>
  together(Array.from({ length: width }, (_, x) => number(x)));

export class NetworkWriter {
  readonly text = new NetworkText();
  readonly #rows = new Map<Value, Row>();
  #now: Work | undefined;

  /** Gives up on the work that is being written. */
  unfit(): never {
    throw new Unfit("network: work", this.#now ? [this.#now] : []);
  }

  /** What a value is on a row. */
  row(value: Value | undefined): Row {
    return (value && this.#rows.get(value)) ?? this.unfit();
  }

  set(value: Value | undefined, row: Row): void {
    this.#rows.set(value as Value, row);
  }

  parameter(value: Value | undefined): readonly Row[] {
    if (!value?.home || this.#rows.has(value)) this.unfit();
    return this.text.parameter(value);
  }

  /** The number of the data set's row. */
  picked(rows: Value): string {
    const { text } = this;
    if (!text.tensors.picks) {
      text.tensors.picks = rows;
      text.extra.push(STEP, PICKS, RUNS);
      text.before(PICKS_AT);
      text.each("let pick = picks[picks_at + row];");
    }
    if (text.tensors.picks !== rows) this.unfit();
    return "pick";
  }

  /** A four of a tensor that all rows of the data set share: constants where they are known. */
  shared(value: Value, q: number, width: number): string {
    if (value.fill !== undefined) return spread(literal(value.fill), width);
    const { numbers } = value.home ?? {};
    if (!numbers) return this.parameter(value)[0]?.names[q] as string;
    return four(width, (x) => literal(numbers[4 * q + x] as number));
  }

  /** A result of all rows, which has its place. */
  total(value: Value | undefined): Value {
    return value?.home ? value : this.unfit();
  }

  /** Four by four, through a function of vec4s. */
  each(y: Value | undefined, cols: number, call: (q: number) => string): void {
    const { text } = this;
    this.set(
      y,
      text.row(cols, (q, width) => narrowed(call(q), width)),
    );
  }

  write(work: Work): void {
    this.#now = work;
    const write = WRITERS[work.kernel.startsWith("matmul_") ? "matmul" : work.kernel];
    if (!write || work.sliced || work.slices !== 1) this.unfit();
    write(this, work);
  }
}

function gather(to: NetworkWriter, { tensors }: Work): void {
  const { data, rows, scale, shift, x } = tensors as Tensors<"data" | "rows" | "scale" | "shift" | "x">;
  const { text } = to;
  const bytes = data.dtype === "u8";
  const name = text.bind("d", data, { type: bytes ? "array<u32>" : "array<f32>", access: "read" });
  text.each(`let ${name}_at = params.${name}.offset + ${to.picked(rows)} * params.${name}.pitch;`);
  const raw = (q: number, width: number): string =>
    bytes
      ? narrowed(BYTES.replace("WORD", `${name}[${name}_at + ${q}u]`), width)
      : four(width, (i) => `${name}[${name}_at + ${4 * q + i}u]`);
  const made = text.row(
    columnsOf(x.shape),
    (q, width) => `fma(${raw(q, width)}, ${to.shared(scale, q, width)}, ${to.shared(shift, q, width)})`,
  );
  to.set(x, made);
}

function take(to: NetworkWriter, { tensors }: Work): void {
  const { words, rows, y } = tensors as Tensors<"words" | "rows" | "y">;
  const name = to.text.bind("d", words, { type: "array<u32>", access: "read" });
  to.text.each(`let label = ${name}[params.${name}.offset + ${to.picked(rows)}];`);
  to.set(y, { names: ["label"], cols: 1 });
}

function matmul(to: NetworkWriter, { tensors, variant: { consts = {} }, sizes }: Work): void {
  const { a, b, y } = tensors as Tensors<"a" | "b" | "y">;
  if (consts.A_TRANSPOSED) {
    to.text.outer(to.total(y), to.row(a), to.row(b));
    return;
  }
  const rows = to.parameter(b);
  const right = (k: number): Row => (consts.B_TRANSPOSED ? to.text.column(b, k) : (rows[k] as Row));
  to.set(y, to.text.product(to.row(a), sizes.n as number, right));
}

function columnSums(to: NetworkWriter, { tensors: { x, y } }: Work): void {
  to.text.total(to.total(y), to.row(x));
}

function bias(to: NetworkWriter, { tensors: { x, b, y } }: Work): void {
  const [row, add] = [to.row(x), to.parameter(b)[0]];
  to.set(
    y,
    to.text.row(row.cols, (q) => `${row.names[q]} + ${add?.names[q]}`),
  );
}

function map(to: NetworkWriter, { tensors: { x, y }, variant: { label = "" } }: Work): void {
  const { text } = to;
  const [row, f] = [to.row(x), elementwiseNamed(label)];
  text.fragments.add(f.wgsl);
  text.extra.push(...(f.extra ?? []));
  if (!f.placed) {
    to.each(y, row.cols, (q) => `${f.call}(${widened(row, q)})`);
    return;
  }
  // Its call is on names that it finds where it stands.
  const name = `${f.call}_of_${row.cols}`;
  const head = `fn ${name}(v: vec4f, at: Place, row: u32, column: u32) -> vec4f`;
  text.fragments.add(`${head} {\n  return ${callOf(f, `${row.cols}u`)};\n}`);
  to.each(y, row.cols, (q) => `${name}(${widened(row, q)}, at, row, ${q}u)`);
}

function zip(to: NetworkWriter, { tensors: { a, b, y }, variant: { label = "" } }: Work): void {
  const [left, right, f] = [to.row(a), to.row(b), elementwiseNamed(label)];
  to.text.fragments.add(f.wgsl);
  to.each(y, left.cols, (q) => `${f.call}(${widened(left, q)}, ${widened(right, q)})`);
}

/** The loss of a row, with its gradient: one of them, since it fills the metrics. */
const loss =
  (gradient: (to: NetworkWriter, work: Work) => Row) =>
  (to: NetworkWriter, work: Work): void => {
    const { text } = to;
    if (text.tensors.metrics) to.unfit();
    text.tensors.metrics = work.tensors.metrics as Value;
    text.before("let metrics_at = base(params.metrics, at);");
    to.set(work.tensors.dz, gradient(to, work));
  };

const crossEntropy = loss((to, work) =>
  crossEntropyRow(to.text, work, to.row(work.tensors.z), to.row(work.tensors.labels).names[0] as string),
);

const targetLoss = loss((to, work) => {
  if (work.tensors.weights?.fill === undefined) to.unfit();
  return targetLossRow(to.text, work, to.row(work.tensors.z), to.row(work.tensors.targets));
});

const WRITERS: Readonly<Record<string, (to: NetworkWriter, work: Work) => void>> = {
  gather,
  take,
  matmul,
  column_sums: columnSums,
  bias_add: bias,
  map,
  zip,
  cross_entropy: crossEntropy,
  target_loss: targetLoss,
};
