// A dataset: rows of inputs with labels or targets, split into contiguous rows, and the scaling the network sees.
import { checkInteger, checkKeys, fail } from "../core/check.ts";
import { canonical, hashParts } from "../core/hash.ts";
import { type Dealing, deal, type SplitSizes, type Splits, splitSizes } from "./split.ts";

/** Labels are u32 [count], below `outputs`. Targets are f32 [count, outputs]. */
export interface Dataset {
  readonly name: string;
  readonly count: number;
  /** Numbers in one example: the product of `shape`. */
  readonly features: number;
  /** [count, features], row after row: as the data came; the network sees x * scale + shift. */
  readonly x: Uint8Array | Float32Array;
  readonly y: Uint32Array | Float32Array;
  /** One example's shape, e.g. [784]. */
  readonly shape: readonly number[];
  /** Number of classes for labels, width of the target otherwise. */
  readonly outputs: number;
  /** The names of the classes; undefined for targets. */
  readonly classes: readonly string[] | undefined;
  /** What each row counts in the loss, not below 0; undefined where all count 1. */
  readonly weights?: Float32Array;
  readonly splits: Splits;
  readonly scale: Float32Array;
  readonly shift: Float32Array;
  /** 64-bit fingerprint, in hex, of shape, x, y, splits, scale and shift, and of weights where there are some. */
  readonly hash: string;
}

export interface DatasetOptions {
  readonly name?: string;
  /** [count, features], row after row. */
  readonly x: Uint8Array | Float32Array;
  /** Integers are labels [count]; f32 are targets [count, outputs]. */
  readonly y: Uint8Array | Uint32Array | Float32Array;
  /** One example's shape; by default [features]. */
  readonly shape?: readonly number[];
  /** By default the number of `classes`, or the largest label + 1; for targets 1. */
  readonly outputs?: number;
  /** By default "0", "1" ... */
  readonly classes?: readonly string[];
  /** What each row counts in the loss, not below 0: the mean divides by their sum. By default all count 1. */
  readonly weights?: ArrayLike<number>;
  /** By default 80 % train, 10 % validation, 10 % test. */
  readonly split?: SplitSizes;
  /** Seed (u32) of the shuffle; by default 0. */
  readonly seed?: number;
  /** False keeps the rows in order: the first for train, then validation, then test. By default true. */
  readonly shuffle?: boolean;
  /** Every class in proportion in every split: by default true for labels that are shuffled. */
  readonly stratify?: boolean;
  /** A number for all features or one for each: by default 1 and 0. */
  readonly scale?: number | ArrayLike<number>;
  readonly shift?: number | ArrayLike<number>;
}

const sizeKeys = [
  "x",
  "y",
  "shape",
  "outputs",
  "classes",
  "weights",
] as const satisfies readonly (keyof DatasetOptions)[];
export const splitKeys = ["split", "seed", "shuffle", "stratify"] as const satisfies readonly (keyof DatasetOptions)[];
const keys: readonly (keyof DatasetOptions)[] = ["name", ...sizeKeys, ...splitKeys, "scale", "shift"];

const isLabels = (y: Uint8Array | Uint32Array | Float32Array): y is Uint8Array | Uint32Array =>
  !(y instanceof Float32Array);

/** The dataset's fingerprint: all that training depends on, not its name. */
export function fingerprint(data: Omit<Dataset, "hash" | "name">): string {
  const { shape, outputs, splits, x, y, scale, shift, weights } = data;
  return hashParts([canonical({ shape, outputs, splits }), x, y, scale, shift, ...(weights ? [weights] : [])]);
}

/** Examples, features and shape from the lengths of x and y, or an error that names both counts. */
function measure(
  where: string,
  options: DatasetOptions,
): { count: number; features: number; shape: readonly number[] } {
  const { x, y } = options;
  if (!(x instanceof Uint8Array) && !(x instanceof Float32Array)) fail(where, "x is no Uint8Array and no Float32Array");
  if (!(y instanceof Uint8Array) && !(y instanceof Uint32Array) && !(y instanceof Float32Array)) {
    fail(where, "y is no typed array", "use Uint32Array for labels, Float32Array for targets");
  }
  if (x.length === 0 || y.length === 0) fail(where, `the data are empty: x has ${x.length} values, y ${y.length}`);
  const width = isLabels(y) ? 1 : checkInteger(where, "outputs", options.outputs ?? 1, { min: 1 });
  if (y.length % width !== 0) fail(where, `y has ${y.length} values, expected a multiple of ${width} outputs`);
  const count = y.length / width;
  const shape = options.shape ?? [x.length / count];
  if (options.shape) for (const [i, n] of options.shape.entries()) checkInteger(where, `shape[${i}]`, n, { min: 1 });
  const features = shape.reduce((product, n) => product * n, 1);
  if (!Number.isInteger(features) || features * count !== x.length) {
    const each = options.shape ? ` of shape [${shape.join(", ")}]` : "";
    fail(where, `x has ${x.length} values, expected ${count} examples${each} as in y`, "check the lengths of x and y");
  }
  return { count, features, shape: [...shape] };
}

function checkFinite(where: string, name: string, values: ArrayLike<number>, columns: number): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const row = Math.floor(i / columns);
    fail(
      where,
      `${name} at row ${row}, column ${i - row * columns} is ${values[i]}, expected a finite number`,
      "remove the row or fill it in",
    );
  }
}

/** As many classes as a label may ask for by itself: a -1 in a Uint32Array is 4,294,967,295. */
const MOST_CLASSES = 65_536;

/** Number and names of the classes; throws for a label outside them. */
function nameClasses(where: string, labels: ArrayLike<number>, options: DatasetOptions): readonly string[] {
  let largest = 0;
  for (let row = 0; row < labels.length; row++) largest = Math.max(largest, labels[row] ?? 0);
  const found = Math.min(largest + 1, MOST_CLASSES);
  const outputs = checkInteger(where, "outputs", options.outputs ?? options.classes?.length ?? found, { min: 1 });
  if (options.classes && options.classes.length !== outputs) {
    fail(where, `there are ${options.classes.length} names of classes, expected ${outputs}, the outputs`);
  }
  for (let row = 0; largest >= outputs && row < labels.length; row++) {
    if ((labels[row] ?? 0) < outputs) continue;
    fail(where, `y at row ${row} is ${labels[row]}, expected a label below ${outputs}`, "give outputs or classes");
  }
  return options.classes ? [...options.classes] : Array.from({ length: outputs }, (_, i) => String(i));
}

function perFeature(where: string, name: string, value: number | ArrayLike<number>, features: number): Float32Array {
  const result = typeof value === "number" ? new Float32Array(features).fill(value) : Float32Array.from(value);
  if (result.length !== features) {
    fail(where, `${name} has ${result.length} values, expected one number or ${features}, one a feature`);
  }
  checkFinite(where, name, result, features);
  return result;
}

/** The rows' weights as f32; throws for another number of them than rows, one that is not finite, or one below 0. */
function checkWeights(where: string, weights: ArrayLike<number>, count: number): Float32Array {
  const result = Float32Array.from(weights);
  if (result.length !== count) fail(where, `there are ${result.length} weights, expected ${count}, one a row`);
  checkFinite(where, "weights", result, 1);
  const row = result.findIndex((weight) => weight < 0);
  if (row >= 0) fail(where, `the weight of row ${row} is ${result[row]}, expected 0 or more`);
  return result;
}

/** Fills `to` with the rows of `from`, `columns` wide, in the order `rows`. */
export function pick<T extends Dataset["x"] | Dataset["y"]>(to: T, from: ArrayLike<number>, rows: Uint32Array): T {
  const columns = to.length / rows.length;
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j < columns; j++) to[i * columns + j] = from[row * columns + j] ?? 0;
  }
  return to;
}

/** The options that say which rows go where. */
export type SplitOptions = Pick<DatasetOptions, (typeof splitKeys)[number]>;

/** How dataset() deals `count` rows: a function of the labels and of the options of the split. */
export function dealing(
  where: string,
  options: SplitOptions & Pick<DatasetOptions, "y">,
  count: number,
  classes: number | undefined,
): Dealing {
  const { y, shuffle = true, stratify = shuffle && classes !== undefined } = options;
  const seed = checkInteger(where, "seed", options.seed ?? 0, { min: 0, max: 2 ** 32 - 1 });
  if (stratify && classes === undefined) fail(where, "stratify needs labels, y holds targets", "leave stratify out");
  if (stratify && !shuffle) fail(where, "stratify is set, shuffle is false", "leave one of them out");
  const sizes = splitSizes(where, options.split ?? { train: 0.8, validation: 0.1, test: 0.1 }, count);
  const strata = stratify && classes !== undefined ? { labels: Uint32Array.from(y), classes } : undefined;
  return { count, sizes, seed, shuffle, strata };
}

/**
 * Builds a dataset from x [count, features] and y: copies the rows into contiguous splits, shuffled by a seeded permutation
 * and, for labels, every class in proportion. Throws, before anything is copied, for empty data, counts that differ, a number
 * that is not finite (row and column named), a label out of range (row named) and splits larger than the data.
 */
export function dataset(options: DatasetOptions): Dataset {
  const name = options.name ?? "data";
  const where = `dataset ${name}`;
  checkKeys(where, options, keys);
  const { x, y } = options;
  const { count: given, features, shape } = measure(where, options);
  if (x instanceof Float32Array) checkFinite(where, "x", x, features);
  const classes = isLabels(y) ? nameClasses(where, y, options) : undefined;
  const outputs = classes?.length ?? y.length / given;
  if (!classes) {
    checkFinite(where, "y", y, outputs);
    if (options.classes) fail(where, "classes are named, y holds f32 targets", "give labels as a Uint32Array");
  }
  const weights = options.weights && checkWeights(where, options.weights, given);
  const scale = perFeature(where, "scale", options.scale ?? 1, features);
  const shift = perFeature(where, "shift", options.shift ?? 0, features);
  const plan = dealing(where, options, given, classes?.length);
  const rows = deal(plan);
  const count = rows.length;
  const [train, validation, test] = plan.sizes;
  const splits: Splits = {
    train: { start: 0, count: train },
    validation: { start: train, count: validation },
    test: { start: train + validation, count: test },
  };
  const span = count * features;
  const data = {
    ...{ count, features, shape, outputs, classes, splits, scale, shift },
    x: pick(x instanceof Uint8Array ? new Uint8Array(span) : new Float32Array(span), x, rows),
    y: pick(classes ? new Uint32Array(count) : new Float32Array(count * outputs), y, rows),
    ...(weights ? { weights: pick(new Float32Array(count), weights, rows) } : {}),
  };
  return { name, ...data, hash: fingerprint(data) };
}
