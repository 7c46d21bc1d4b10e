// A CSV file's columns as they are read: numbers, texts as indices, the target. Grows in place, within a limit on memory.
import { fail } from "../core/check.ts";
import { cellAt, numberIn } from "./csv_layout.ts";
import type { CsvRecord } from "./csv_records.ts";

/** What happens at a missing cell: an error, the row left out, or the column's mean over the training rows in its place. */
export type Missing = "error" | "drop" | "mean";

/** Cells that count as missing unless the caller lists others. */
export const missingWords: readonly string[] = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?"];

/** Numbers that grow. */
class Growing<T extends Float32Array | Float64Array | Uint32Array> {
  #data: T;
  #length = 0;

  constructor(data: T) {
    this.#data = data;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const make = this.#data.constructor as new (length: number) => T;
      const larger = new make(2 * this.#length);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data[this.#length++] = value;
  }

  get length(): number {
    return this.#length;
  }

  /** What was pushed; a view. */
  get values(): T {
    return this.#data.subarray(0, this.#length) as T;
  }
}

/** An index of a missing text. */
export const NO_TEXT = 0xffffffff;

/** Texts by the order of their first appearance. */
export class Texts {
  readonly #indices = new Map<string, number>();
  readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  /** The text's index, or undefined where there are too many. */
  indexOf(text: string): number | undefined {
    const known = this.#indices.get(text);
    if (known !== undefined) return known;
    if (this.#indices.size >= this.most) return undefined;
    this.#indices.set(text, this.#indices.size);
    return this.#indices.size - 1;
  }

  get all(): string[] {
    return [...this.#indices.keys()];
  }
}

/** A feature column: numbers, NaN where missing, or indices into its texts. */
export interface FeatureColumn {
  readonly index: number;
  readonly texts: Texts | undefined;
  readonly values: Float32Array | Uint32Array;
}

/** A target column: its numbers (NaN where a cell is none) and, where they are few enough, its texts. */
export interface TargetColumn {
  readonly index: number;
  readonly numbers: Float64Array;
  /** undefined where there are more distinct texts than classes may be. */
  readonly texts: { readonly all: readonly string[]; readonly indices: Uint32Array } | undefined;
  /** The first row whose cell is no number, and that cell. */
  readonly notNumber: { readonly row: number; readonly cell: string } | undefined;
}

const MOST_CLASSES = 65_536;

class Target {
  readonly index: number;
  readonly #numbers = new Growing(new Float64Array(256));
  readonly #indices = new Growing(new Uint32Array(256));
  #texts: Texts | undefined = new Texts(MOST_CLASSES);
  #notNumber: TargetColumn["notNumber"];

  constructor(index: number) {
    this.index = index;
  }

  push(row: number, cell: string): void {
    const number = numberIn(cell);
    if (number === undefined) this.#notNumber ??= { row, cell };
    this.#numbers.push(number ?? Number.NaN);
    const index = this.#texts?.indexOf(cell);
    if (index === undefined) this.#texts = undefined;
    else this.#indices.push(index);
  }

  get column(): TargetColumn {
    const texts = this.#texts && { all: this.#texts.all, indices: this.#indices.values };
    return { index: this.index, numbers: this.#numbers.values, texts, notNumber: this.#notNumber };
  }
}

class Feature {
  readonly index: number;
  readonly #most: number;
  /** Decided by the first cell that is not missing, unless the caller has. */
  #text: boolean | undefined;
  #texts: Texts | undefined;
  #numbers = new Growing(new Float32Array(256));
  #indices = new Growing(new Uint32Array(1));

  constructor(index: number, text: boolean | undefined, most: number) {
    this.index = index;
    this.#most = most;
    if (text) this.#become(0);
    else this.#text = text;
  }

  #become(missing: number): void {
    this.#text = true;
    this.#texts = new Texts(this.#most);
    this.#indices = new Growing(new Uint32Array(256));
    for (let i = 0; i < missing; i++) this.#indices.push(NO_TEXT);
  }

  /** Adds a cell; what is wrong with it, if anything. */
  push(cell: string | undefined): { what: string; hint: string } | undefined {
    if (cell === undefined) {
      if (this.#text) this.#indices.push(NO_TEXT);
      else this.#numbers.push(Number.NaN);
      return undefined;
    }
    if (this.#text === undefined) {
      if (numberIn(cell) === undefined) this.#become(this.#numbers.length);
      else this.#text = false;
    }
    return this.#text ? this.#pushText(cell) : this.#pushNumber(cell);
  }

  #pushText(cell: string): { what: string; hint: string } | undefined {
    const index = this.#texts?.indexOf(cell);
    if (index === undefined) {
      return { what: `is a text too many: the column has over ${this.#most}`, hint: "ignore it or raise maxTexts" };
    }
    this.#indices.push(index);
    return undefined;
  }

  #pushNumber(cell: string): { what: string; hint: string } | undefined {
    const number = numberIn(cell);
    const hint = /^[+-]?\d+,\d+$/.test(cell)
      ? "write a decimal point"
      : 'correct it, ignore the column, or set oneHot for a column of texts; missing says what happens at "", NA, NaN';
    if (number === undefined) return { what: `is ${JSON.stringify(cell)}, expected a number`, hint };
    if (!Number.isFinite(Math.fround(number))) return { what: `is ${cell}, too large for f32`, hint: "scale it down" };
    this.#numbers.push(number);
    return undefined;
  }

  get column(): FeatureColumn {
    const { index } = this;
    const texts = this.#texts;
    return { index, texts, values: texts ? this.#indices.values : this.#numbers.values };
  }
}

export interface ColumnsOptions {
  readonly names: readonly string[];
  readonly targets: readonly number[];
  readonly features: readonly number[];
  /** Whether a feature is text: true and false are said, undefined is seen. */
  readonly text: (feature: number) => boolean | undefined;
  readonly missing: Missing;
  readonly missingWords: readonly string[];
  readonly maxTexts: number;
  readonly maxBytes: number;
}

/** Takes records one after the other; errors name row and column. */
export class Columns {
  readonly #where: string;
  readonly #options: ColumnsOptions;
  readonly #missing: ReadonlySet<string>;
  readonly #targets: readonly Target[];
  readonly #features: readonly Feature[];
  readonly #rows = new Growing(new Uint32Array(256));
  dropped = 0;
  filled = 0;

  constructor(where: string, options: ColumnsOptions) {
    this.#where = where;
    this.#options = options;
    this.#missing = new Set(options.missingWords);
    this.#targets = options.targets.map((index) => new Target(index));
    this.#features = options.features.map((index) => new Feature(index, options.text(index), options.maxTexts));
  }

  /** The rows of the file, from 1, that are kept. */
  get rows(): Uint32Array {
    return this.#rows.values;
  }

  get targets(): TargetColumn[] {
    return this.#targets.map(({ column }) => column);
  }

  get features(): FeatureColumn[] {
    return this.#features.map(({ column }) => column);
  }

  #fail(row: number, column: number, what: string, hint: string): never {
    fail(this.#where, `${cellAt(row, column, this.#options.names)} ${what}`, hint);
  }

  #isMissing(cell: string | undefined): boolean {
    return cell === undefined || this.#missing.has(cell.trim());
  }

  /** Throws for a missing cell that the policy does not take; true where the row is left out. */
  #leftOut({ row, cells }: CsvRecord): boolean {
    const { missing } = this.#options;
    for (const { index } of [...this.#targets, ...this.#features]) {
      if (!this.#isMissing(cells[index])) continue;
      if (missing === "drop") return true;
      const isTarget = this.#targets.some((target) => target.index === index);
      if (missing === "mean" && !isTarget) continue;
      const hint = isTarget ? 'fill it in, or set missing: "drop"' : 'fill it in, or set missing: "drop" or "mean"';
      this.#fail(row, index, `is missing (${JSON.stringify(cells[index])})`, hint);
    }
    return false;
  }

  add(record: CsvRecord): void {
    const { row, cells } = record;
    if (this.#leftOut(record)) {
      this.dropped++;
      return;
    }
    const { maxBytes } = this.#options;
    const bytes = 4 * (this.#rows.length + 1) * this.#features.length;
    if (bytes > maxBytes)
      fail(this.#where, `row ${row}: the numbers so far take over ${maxBytes} bytes`, "raise maxBytes");
    for (const feature of this.#features) {
      const cell = cells[feature.index]?.trim();
      const isMissing = this.#isMissing(cell);
      if (isMissing) this.filled++;
      const problem = feature.push(isMissing ? undefined : cell);
      if (problem) this.#fail(row, feature.index, problem.what, problem.hint);
    }
    for (const target of this.#targets) target.push(row, (cells[target.index] ?? "").trim());
    this.#rows.push(row);
  }
}
