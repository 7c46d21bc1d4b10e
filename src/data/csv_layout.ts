// How a CSV file is laid out: its delimiter, whether it has a header, its columns' names. Guesses are made from its beginning.
import { checkInteger, fail, nearest } from "../core/check.ts";
import { CsvParser, type CsvRecord, type Delimiter, textOf } from "./csv_records.ts";
import type { Source } from "./source.ts";

export const delimiters: readonly Delimiter[] = [",", ";", "\t"];

/** Characters that a guess is made from. */
const SAMPLE = 2 ** 16;
/** Records that a guess is made from. */
const RECORDS = 50;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A cell as a number: digits with a decimal point, an exponent if need be; undefined for anything else. */
export const numberIn = (cell: string): number | undefined => (NUMBER.test(cell) ? Number(cell) : undefined);

/** How well the sample falls into columns: of equal width, and how wide. */
function score(sample: string, delimiter: Delimiter, whole: boolean): number {
  const parser = new CsvParser("guess", delimiter, sample.length);
  try {
    parser.push(sample);
    if (whole) parser.end();
  } catch {
    return 0;
  }
  const widths = parser
    .take()
    .slice(0, RECORDS)
    .map(({ cells }) => cells.length);
  const [first = 1] = widths;
  if (first === 1) return 0;
  return first + (widths.every((width) => width === first) ? 1e6 : 0);
}

/** The delimiter that cuts the sample into the most columns of equal width; a comma where none does. */
export function guessDelimiter(sample: string, whole: boolean): Delimiter {
  const scores = delimiters.map((delimiter) => score(sample, delimiter, whole));
  return delimiters[scores.indexOf(Math.max(...scores))] ?? ",";
}

/** A first row is a header when no cell of it is a number and one at least is not empty. */
export const guessHeader = (cells: readonly string[]): boolean =>
  cells.every((cell) => numberIn(cell.trim()) === undefined) && cells.some((cell) => cell.trim() !== "");

export interface LayoutOptions {
  /** By default guessed of comma, semicolon and tab. */
  readonly delimiter?: Delimiter;
  /** Whether the first row holds names. By default guessed: it does when no cell of it is a number. */
  readonly header?: boolean;
  /** Characters a row may have; by default 2^20. */
  readonly maxRowLength?: number;
  /** Columns a file may have; by default 65,536. */
  readonly maxColumns?: number;
}

export const layoutKeys: readonly (keyof LayoutOptions)[] = ["delimiter", "header", "maxRowLength", "maxColumns"];

/** The layout, and the file's rows without its header, all of one width. */
export interface Laid {
  readonly delimiter: Delimiter;
  readonly header: boolean;
  /** One a column; a column without one is called "column 3". */
  readonly names: readonly string[];
  readonly records: AsyncGenerator<readonly CsvRecord[]>;
}

async function sampled(chunks: AsyncGenerator<string>): Promise<{ sample: string; whole: boolean }> {
  let sample = "";
  while (sample.length < SAMPLE) {
    const next = await chunks.next();
    if (next.done) return { sample, whole: true };
    sample += next.value;
  }
  return { sample, whole: false };
}

/** Batches of records, none of them empty; those before an error come before it. */
async function* recordsOf(
  parser: CsvParser,
  sample: string,
  chunks: AsyncGenerator<string>,
): AsyncGenerator<readonly CsvRecord[]> {
  const read = (step: () => void): { records: CsvRecord[]; error?: unknown } => {
    try {
      step();
      return { records: parser.take() };
    } catch (error) {
      return { records: parser.take(), error };
    }
  };
  try {
    for (let text: string | undefined = sample; ; ) {
      const now = text;
      const { records, error } = read(() => (now === undefined ? parser.end() : parser.push(now)));
      if (records.length > 0) yield records;
      if (error) throw error;
      if (now === undefined) return;
      const next = await chunks.next();
      text = next.done ? undefined : next.value;
    }
  } finally {
    await chunks.return(undefined);
  }
}

/** The records after the header, up to the first of another width, which is an error. */
async function* even(
  where: string,
  { first, header, rest }: { first: readonly CsvRecord[]; header: boolean; rest: AsyncGenerator<readonly CsvRecord[]> },
): AsyncGenerator<readonly CsvRecord[]> {
  const [model] = first as [CsvRecord];
  const width = model.cells.length;
  try {
    for (let records = header ? first.slice(1) : first; ; ) {
      const bad = records.find(({ cells }) => cells.length !== width);
      const good = bad ? records.slice(0, records.indexOf(bad)) : records;
      if (good.length > 0) yield good;
      if (bad) {
        const what = `row ${bad.row} has ${bad.cells.length} columns, expected ${width} as in row ${model.row}`;
        fail(where, what, "a cell that holds a delimiter or a line break must stand in quotes");
      }
      const next = await rest.next();
      if (next.done) return;
      records = next.value;
    }
  } finally {
    await rest.return(undefined);
  }
}

/** Reads a file's beginning and says how it is laid out; its records follow as they are asked for. */
export async function layOut(where: string, source: Source, options: LayoutOptions): Promise<Laid> {
  const most = checkInteger(where, "maxRowLength", options.maxRowLength ?? 2 ** 20, { min: 1 });
  const maxColumns = checkInteger(where, "maxColumns", options.maxColumns ?? 65_536, { min: 1 });
  const { delimiter: asked } = options;
  if (asked !== undefined && !delimiters.includes(asked)) {
    fail(where, `delimiter is ${JSON.stringify(asked)}, expected "," or ";" or a tab`);
  }
  const chunks = textOf(where, source);
  const { sample, whole } = await sampled(chunks);
  const delimiter = asked ?? guessDelimiter(sample, whole);
  const rest = recordsOf(new CsvParser(where, delimiter, most), sample, chunks);
  const next = await rest.next();
  if (next.done) fail(where, "the file is empty", "give a file with a row for each example");
  const [first] = next.value as [CsvRecord];
  if (first.cells.length > maxColumns) {
    await rest.return(undefined);
    fail(where, `row ${first.row} has ${first.cells.length} columns, at most ${maxColumns}`, "raise maxColumns");
  }
  const header = options.header ?? guessHeader(first.cells);
  const names = first.cells.map((cell, i) => (header && cell.trim()) || `column ${i + 1}`);
  return { delimiter, header, names, records: even(where, { first: next.value, header, rest }) };
}

/** A column by name or index (from 0; -1 is the last). Throws for one that is not there or whose name comes twice. */
export function columnOf(where: string, names: readonly string[], column: string | number): number {
  if (typeof column === "number") {
    const index = checkInteger(where, "column index", column, { min: -names.length, below: names.length });
    return index < 0 ? names.length + index : index;
  }
  const at = names.indexOf(column);
  if (at >= 0 && names.indexOf(column, at + 1) < 0) return at;
  if (at >= 0) fail(where, `two columns are called "${column}"`, "give its index, from 0");
  const meant = nearest(column, names);
  const known = names.length > 20 ? `there are ${names.length} columns` : `there are ${names.join(", ")}`;
  return fail(where, `there is no column "${column}"`, meant === undefined ? known : `did you mean "${meant}"?`);
}

/** `column 3 (age)`, counted from 1 as a spreadsheet does. */
export const cellAt = (row: number, column: number, names: readonly string[]): string => {
  const name = names[column];
  return `row ${row}, column ${column + 1}${name === `column ${column + 1}` ? "" : ` (${name})`}`;
};

const TARGETS = /^(label|class|target|y)$/i;

/** The target when none is given: the column called label, class, target or y, else the last. */
export const usualTarget = (names: readonly string[]): number => {
  const named = names.findIndex((name) => TARGETS.test(name));
  return named >= 0 ? named : names.length - 1;
};
