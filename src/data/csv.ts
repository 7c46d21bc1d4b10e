// A dataset of a CSV file.
import { checkInteger, checkKeys, fail } from "../core/check.ts";
import { answersOf, type CsvTask } from "./csv_answers.ts";
import { Columns, type FeatureColumn, type Missing, missingWords, NO_TEXT } from "./csv_columns.ts";
import { columnOf, type Laid, type LayoutOptions, layOut, layoutKeys, usualTarget } from "./csv_layout.ts";
import type { Delimiter } from "./csv_records.ts";
import { type Dataset, type DatasetOptions, dataset, dealing, type SplitOptions, splitKeys } from "./dataset.ts";
import { nameOf, type Source } from "./source.ts";
import { deal } from "./split.ts";

/** A column by its name or its index, from 0; -1 is the last. */
export type ColumnRef = string | number;

export interface CsvOptions extends LayoutOptions, SplitOptions, Pick<DatasetOptions, "name" | "scale" | "shift"> {
  /** What is learned; several for regression. By default the column called label, class, target or y, else the last. */
  readonly target?: ColumnRef | readonly ColumnRef[];
  /** By default classification for texts and for at most 20 distinct integers without a gap, else regression. */
  readonly task?: CsvTask;
  /** Columns to learn from; by default all but the target. */
  readonly features?: readonly ColumnRef[];
  /** Columns that are left out. */
  readonly ignore?: readonly ColumnRef[];
  /**
   * Columns of texts to turn into a column of 0 and 1 for each text, in sorted order; true for all whose first cell is no number.
   * By default none, and a text is an error.
   */
  readonly oneHot?: boolean | readonly ColumnRef[];
  /**
   * At a missing cell: "error" (default); "drop" leaves its row out; "mean" puts the column's mean over the *training* rows in its
   * place (for a one-hot column its share of them), while a missing target stays an error.
   */
  readonly missing?: Missing;
  /** Cells that count as missing, without blanks about them; by default "", NA, N/A, NaN, nan, null, NULL, None, ?. */
  readonly missingWords?: readonly string[];
  /** The classes in the order of their labels, and no others. By default those found: numbers by value, texts by character codes. */
  readonly classes?: readonly string[];
  /** Distinct texts a one-hot column may have; by default 1000. */
  readonly maxTexts?: number;
  /** Bytes the numbers may take; by default 512 MiB. */
  readonly maxBytes?: number;
}

const keys: readonly (keyof CsvOptions)[] = [
  ...layoutKeys,
  ...splitKeys,
  ...(["name", "scale", "shift", "target", "task", "features", "ignore", "oneHot", "missing"] as const),
  ...(["missingWords", "classes", "maxTexts", "maxBytes"] as const),
];

/** How a file was read: what was guessed, and what became of its rows and columns. */
export interface CsvReading {
  readonly delimiter: Delimiter;
  readonly header: boolean;
  readonly target: readonly string[];
  readonly task: CsvTask;
  /** One for each feature; one-hot ones read `city=Rome`. */
  readonly features: readonly string[];
  /** Rows that were left out and cells that were filled in. */
  readonly dropped: number;
  readonly filled: number;
  /** What a missing cell of each feature became; undefined where none could be missing. */
  readonly means: Float32Array | undefined;
}

export interface CsvDataset extends Dataset {
  readonly reading: CsvReading;
}

const MAX_BYTES = 2 ** 29;
const isList = (value: ColumnRef | readonly ColumnRef[] | boolean | undefined): value is readonly ColumnRef[] =>
  Array.isArray(value);

interface Chosen {
  readonly targets: readonly number[];
  readonly features: readonly number[];
  readonly oneHot: ReadonlySet<number> | boolean;
}

function choose(where: string, names: readonly string[], options: CsvOptions): Chosen {
  const indices = (refs: readonly ColumnRef[]): number[] => refs.map((ref) => columnOf(where, names, ref));
  const { target = usualTarget(names), oneHot = false } = options;
  const targets = indices(isList(target) ? target : [target]);
  if (targets.length === 0) fail(where, "target names no column", "name one at least");
  const ignored = new Set(indices(options.ignore ?? []));
  const asked = options.features
    ? indices(options.features)
    : names.map((_, i) => i).filter((i) => !targets.includes(i));
  const features = asked.filter((i) => !ignored.has(i));
  for (const list of [targets, features, [...targets, ...features]]) {
    const twice = list.find((index, i) => list.indexOf(index) < i);
    if (twice !== undefined)
      fail(where, `column ${twice + 1} (${names[twice]}) is named twice among target and features`);
  }
  if (features.length === 0) {
    fail(where, `no column is left to learn from beside ${names[targets[0] ?? 0]}`, "check the delimiter");
  }
  return { targets, features, oneHot: isList(oneHot) ? new Set(indices(oneHot)) : oneHot };
}

/** Columns of x that a feature gives: itself, or one for each of its texts, sorted. */
interface Spread {
  readonly names: readonly string[];
  /** Of a text's index, its place among the sorted texts. */
  readonly places: readonly number[] | undefined;
}

function spreadOf({ texts, index }: FeatureColumn, names: readonly string[]): Spread {
  const name = names[index] ?? "";
  if (!texts) return { names: [name], places: undefined };
  const { all } = texts;
  const sorted = [...all].sort();
  const order = new Map(sorted.map((text, place) => [text, place]));
  return { names: sorted.map((text) => `${name}=${text}`), places: all.map((text) => order.get(text) ?? 0) };
}

/** x [rows, width], NaN in every column of a missing cell. */
function fill(columns: readonly FeatureColumn[], spreads: readonly Spread[], rows: number): Float32Array {
  const width = spreads.reduce((sum, { names }) => sum + names.length, 0);
  const x = new Float32Array(rows * width);
  let first = 0;
  for (const [c, { values }] of columns.entries()) {
    const { names, places } = spreads[c] as Spread;
    for (let row = 0; row < rows; row++) {
      const at = row * width + first;
      const value = values[row] ?? 0;
      if (!places) x[at] = value;
      else if (value === NO_TEXT) x.fill(Number.NaN, at, at + names.length);
      else x[at + (places[value] ?? 0)] = 1;
    }
    first += names.length;
  }
  return x;
}

/** Puts each column's mean over the training rows where x is NaN; the means. */
function fillMeans(where: string, x: Float32Array, names: readonly string[], train: Uint32Array): Float32Array {
  const width = names.length;
  const means = new Float32Array(width);
  for (let j = 0; j < width; j++) {
    let [sum, count] = [0, 0];
    for (const row of train) {
      const value = x[row * width + j] ?? 0;
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    if (count === 0) fail(where, `${names[j]} has no value in any training row, so it has no mean`, "ignore it");
    means[j] = sum / count;
  }
  for (let i = 0; i < x.length; i++) if (Number.isNaN(x[i])) x[i] = means[i % width] ?? 0;
  return means;
}

async function readColumns(where: string, { names, records }: Laid, options: CsvOptions): Promise<Columns> {
  const { missing = "error", missingWords: words = missingWords, maxTexts = 1000, maxBytes = MAX_BYTES } = options;
  if (!["error", "drop", "mean"].includes(missing))
    fail(where, `missing is "${missing}", expected error, drop or mean`);
  const { targets, features, oneHot } = choose(where, names, options);
  const text = (index: number): boolean | undefined =>
    typeof oneHot === "boolean" ? (oneHot ? undefined : false) : oneHot.has(index);
  const columns = new Columns(where, {
    ...{ names, targets, features, text, missing, missingWords: words },
    maxTexts: checkInteger(where, "maxTexts", maxTexts, { min: 1 }),
    maxBytes: checkInteger(where, "maxBytes", maxBytes, { min: 1 }),
  });
  for await (const batch of records) for (const record of batch) columns.add(record);
  if (columns.rows.length > 0) return columns;
  const dropped =
    columns.dropped > 0 ? `all ${columns.dropped} rows have missing cells` : "it has no rows below its header";
  return fail(
    where,
    dropped,
    columns.dropped > 0 ? 'set missing: "mean" or ignore columns' : "set header: false if it has none",
  );
}

function splitOptions(options: CsvOptions): SplitOptions {
  return Object.fromEntries(splitKeys.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])));
}

function assemble(where: string, laid: Laid, columns: Columns, options: CsvOptions): CsvDataset {
  const { names, delimiter, header } = laid;
  const { task, classes, missing, scale, shift, maxBytes = MAX_BYTES } = options;
  const { rows, dropped, filled } = columns;
  const answers = answersOf(where, columns.targets, { names, task, classes, rows });
  const features = columns.features;
  const spreads = features.map((column) => spreadOf(column, names));
  const titles = spreads.flatMap((spread) => spread.names);
  const bytes = 4 * rows.length * titles.length;
  if (bytes > maxBytes) {
    fail(
      where,
      `${rows.length} rows x ${titles.length} features take ${bytes} bytes, at most ${maxBytes}`,
      "raise maxBytes",
    );
  }
  const x = fill(features, spreads, rows.length);
  const split = splitOptions(options);
  const plan = dealing(where, { ...split, y: answers.y }, rows.length, answers.classes?.length);
  const means = missing === "mean" ? fillMeans(where, x, titles, deal(plan).subarray(0, plan.sizes[0])) : undefined;
  const made = dataset({
    ...{ name: options.name ?? "csv", x, y: answers.y, ...split },
    ...(answers.classes ? { classes: answers.classes } : { outputs: answers.outputs }),
    ...(scale === undefined ? {} : { scale }),
    ...(shift === undefined ? {} : { shift }),
  });
  const target = columns.targets.map(({ index }) => names[index] ?? "");
  const reading = { delimiter, header, target, task: answers.task, features: titles, dropped, filled, means };
  return { ...made, reading };
}

/**
 * A dataset of a CSV file (RFC 4180; UTF-8; also gzip), read as a stream. Delimiter (comma, semicolon, tab), header, target and task
 * are guessed where not given, and `reading` says how. Cells are trimmed. Rejects, naming row (from 1, header and blank lines
 * counted, as a spreadsheet shows it) and column, for whatever is not as it should be, and for more than its limits allow.
 */
export async function csv(source: Source, options: CsvOptions = {}): Promise<CsvDataset> {
  checkKeys("csv", options, keys);
  const where = `csv ${nameOf(source, options.name ?? "file")}`;
  const laid = await layOut(where, source, options);
  try {
    return assemble(where, laid, await readColumns(where, laid, options), options);
  } finally {
    await laid.records.return(undefined);
  }
}
