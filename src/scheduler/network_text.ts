// The text of a network's kernel: statements on one row of the batch, its numbers by fours under names of their own. Sums are by fma
// in the order of the kernels it replaces, so the bits are theirs.
import { columnsOf } from "../core/shape.ts";
import type { Variant } from "../kernel/kernel.ts";
import { laneOf, quadsOf, type Row, spread, together, typeOf, widthOf } from "./network_row.ts";
import type { Value } from "./work.ts";

type Extra = NonNullable<Variant["extra"]>[number];

const READ = { type: "array<f32>", access: "read" } as const;
const WRITTEN = { type: "array<f32>", access: "read_write" } as const;

/** Rows and columns of a tensor; a vector is one row. */
const sidesOf = ({ shape }: Value): [number, number] => [shape.length > 1 ? (shape[0] as number) : 1, columnsOf(shape)];

/** Where the i-th number of a tensor lies. */
const elementOf = (name: string, cols: number): string =>
  `${name}_at + i / ${cols}u * params.${name}.pitch + i % ${cols}u`;

/** A kernel's text as it is written, and what it binds and calls. */
export class NetworkText {
  readonly tensors: Record<string, Value> = {};
  readonly extra: Extra[] = [];
  readonly fragments = new Set<string>();
  /** Numbers that a thread holds throughout. */
  held = 0;
  readonly #before: string[] = [];
  readonly #each: string[] = [];
  readonly #sums: string[] = [];
  readonly #after: string[] = [];
  readonly #bound = new Map<Value, string>();
  readonly #parameters = new Map<Value, readonly Row[]>();
  readonly #columns = new Map<string, Row>();
  #rows = 0;

  before(statement: string): void {
    this.#before.push(statement);
  }

  each(statement: string): void {
    this.#each.push(statement);
  }

  /** The name a tensor is bound under, beginning with `kind`; where it begins is NAME_at. */
  bind(kind: string, value: Value, { type, access }: Omit<Extra, "name">): string {
    const known = this.#bound.get(value);
    if (known !== undefined) return known;
    const name = `${kind}${[...this.#bound.values()].filter((other) => other.startsWith(kind)).length}`;
    this.#bound.set(value, name);
    this.tensors[name] = value;
    this.extra.push({ name, type, access });
    return name;
  }

  /** A row of the batch, by an expression for each of its fours. */
  row(cols: number, of: (q: number, width: number) => string): Row {
    const id = this.#rows++;
    const names = Array.from({ length: quadsOf(cols) }, (_, q) => `v${id}_${q}`);
    for (const [q, name] of names.entries()) this.each(`let ${name} = ${of(q, widthOf(cols, q))};`);
    return { names, cols };
  }

  /** The rows of a tensor that is the same for all rows of the batch: loaded before them into memory of the thread's own. */
  parameter(value: Value): readonly Row[] {
    const known = this.#parameters.get(value);
    if (known) return known;
    const name = this.bind("p", value, READ);
    const [count, cols] = sidesOf(value);
    this.#before.push(
      `let ${name}_at = base(params.${name}, at);`,
      `var ${name}_all: array<f32, ${count * cols}>;`,
      `for (var i = 0u; i < ${count * cols}u; i++) { ${name}_all[i] = ${name}[${elementOf(name, cols)}]; }`,
    );
    this.held += count * cols;
    const rows = Array.from({ length: count }, (_, i) =>
      this.#named(`${name}_${i}`, cols, (j) => `${name}_all[${i * cols + j}]`),
    );
    this.#parameters.set(value, rows);
    return rows;
  }

  /** A column of such a tensor as a row. */
  column(value: Value, j: number): Row {
    const rows = this.parameter(value);
    const name = `${this.#bound.get(value)}_column${j}`;
    const column = this.#columns.get(name) ?? this.#named(name, rows.length, (i) => laneOf(rows[i] as Row, j));
    this.#columns.set(name, column);
    return column;
  }

  /** A row of numbers that each have a name already. */
  #named(name: string, cols: number, number: (j: number) => string): Row {
    const names = Array.from({ length: quadsOf(cols) }, (_, q) => `${name}_${q}`);
    for (const [q, four] of names.entries()) {
      const numbers = Array.from({ length: widthOf(cols, q) }, (_, x) => number(4 * q + x));
      this.each(`let ${four} = ${together(numbers)};`);
    }
    return { names, cols };
  }

  /** A row times a matrix whose k-th row is given, product by product. */
  product(a: Row, cols: number, right: (k: number) => Row): Row {
    const id = this.#rows;
    for (let k = 0; k < a.cols; k += 4) {
      for (let q = 0; q < quadsOf(cols); q++) {
        const width = widthOf(cols, q);
        let sum = k === 0 ? `${typeOf(width)}()` : `v${id}_${q}_${k}`;
        for (let x = k; x < Math.min(k + 4, a.cols); x++)
          sum = `fma(${spread(laneOf(a, x), width)}, ${right(x).names[q]}, ${sum})`;
        if (k + 4 < a.cols) this.each(`let v${id}_${q}_${k + 4} = ${sum};`);
        else this.each(`let v${id}_${q} = ${sum};`);
      }
    }
    this.#rows++;
    return { names: Array.from({ length: quadsOf(cols) }, (_, q) => `v${id}_${q}`), cols };
  }

  /** A sum over the rows, and what a row makes of it. */
  #sum(name: string, width: number, added: string): void {
    this.#before.push(`var ${name} = ${typeOf(width)}();`);
    this.held += width;
    this.#sums.push(`${name} = ${added};`);
  }

  /** Adds a row's outer product to a matrix, which is stored after the last row; it is kept along its longer side's fours. */
  outer(y: Value, a: Row, b: Row): void {
    const across = a.cols * quadsOf(b.cols) <= b.cols * quadsOf(a.cols);
    const [one, four] = across ? [a, b] : [b, a];
    const name = this.bind("g", y, WRITTEN);
    for (let i = 0; i < one.cols; i++)
      for (const [q, at] of four.names.entries()) {
        const width = widthOf(four.cols, q);
        const sum = `${name}_${i}_${q}`;
        this.#sum(sum, width, `fma(${spread(laneOf(one, i), width)}, ${at}, ${sum})`);
      }
    this.#stored(y, name, (i, j) => {
      const [outer, inner] = across ? [i, j] : [j, i];
      return laneOf({ names: four.names.map((_, q) => `${name}_${outer}_${q}`), cols: four.cols }, inner);
    });
  }

  /** Adds a row to a vector. */
  total(y: Value, x: Row): void {
    const name = this.bind("g", y, WRITTEN);
    const names = x.names.map((_, q) => `${name}_${q}`);
    for (const [q, sum] of names.entries()) this.#sum(sum, widthOf(x.cols, q), `${sum} + ${x.names[q]}`);
    this.#stored(y, name, (_, j) => laneOf({ names, cols: x.cols }, j));
  }

  /** Where a result of all rows is left, through the memory of a parameter: one store in a loop compiles soonest. */
  #stored(y: Value, name: string, number: (i: number, j: number) => string): void {
    const [rows, cols] = sidesOf(y);
    const all = Array.from({ length: rows * cols }, (_, i) => number(Math.floor(i / cols), i % cols));
    const memory = this.#memory(all.length);
    this.#after.push(
      `let ${name}_at = base(params.${name}, at);`,
      ...all.map((sum, i) => `${memory}[${i}] = ${sum};`),
      `for (var i = 0u; i < ${all.length}u; i++) { ${name}[${elementOf(name, cols)}] = ${memory}[i]; }`,
    );
  }

  /** An array that holds so many numbers, free once the rows are done. */
  #memory(length: number): string {
    for (const [value, name] of this.#bound) {
      const [rows, cols] = sidesOf(value);
      if (this.#parameters.has(value) && rows * cols >= length) return `${name}_all`;
    }
    const name = `memory${this.held}`;
    this.#before.push(`var ${name}: array<f32, ${length}>;`);
    this.held += length;
    return name;
  }

  /** The hook's definition. */
  hook(): string {
    const lines = [
      ...this.#before,
      "for (var row = 0u; row < params.rows; row++) {",
      ...[...this.#each, ...this.#sums].map((line) => `  ${line}`),
      "}",
      ...this.#after,
    ];
    return `fn network(at: Place) {\n${lines.map((line) => `  ${line}`).join("\n")}\n}`;
  }
}
