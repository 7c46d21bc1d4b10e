// A dataset of IDX files: images and labels, and the format's usual second pair for the test.
import { checkInteger, checkKeys, fail } from "../core/check.ts";
import { type Dataset, dataset, dealing, pick } from "./dataset.ts";
import { type IdxArray, type IdxLimits, readIdx } from "./idx.ts";
import { nameOf, type Source } from "./source.ts";
import { deal, type SplitSizes } from "./split.ts";

export interface IdxPair {
  /** [count, ...]: one example after the other. */
  readonly images: Source;
  /** [count]: integers are labels, floats targets; floats [count, width] are targets of that width. */
  readonly labels: Source;
}

export interface IdxOptions extends IdxPair, IdxLimits {
  /** The format's own test files. The first pair is then split into training and validation only. */
  readonly test?: IdxPair;
  readonly name?: string;
  readonly classes?: readonly string[];
  /** By default 80 % train, 10 % validation, 10 % test; beside a `test` pair 90 % train, 10 % validation. */
  readonly split?: SplitSizes;
  readonly seed?: number;
  /** By default 1/255 for bytes, 1 otherwise. */
  readonly scale?: number;
  readonly shift?: number;
}

const keys: readonly (keyof IdxOptions)[] = [
  ...(["images", "labels", "test", "name", "classes", "split", "seed", "scale", "shift", "maxBytes"] as const),
];

interface Pair {
  readonly where: string;
  readonly x: Uint8Array | Float32Array;
  readonly y: Uint32Array | Float32Array;
  readonly count: number;
  readonly shape: readonly number[];
  readonly outputs: number;
}

const floats = (data: ArrayLike<number>): Float32Array => Float32Array.from(data);

function answersOf(where: string, { type, shape, data }: IdxArray): Pick<Pair, "y" | "outputs"> {
  const width = data.length / (shape[0] ?? 1);
  if (type === "f32" || type === "f64") return { y: floats(data), outputs: width };
  if (width !== 1) fail(where, `its shape is ${shape.join(" x ")} ${type}, expected one label for each image`);
  const bad = data.findIndex((label) => label < 0);
  if (bad >= 0) fail(where, `label ${bad} is ${data[bad]}, expected an integer >= 0`);
  return { y: Uint32Array.from(data), outputs: 0 };
}

async function readPair({ images, labels }: IdxPair, what: string, limits: IdxLimits): Promise<Pair> {
  const names = [nameOf(images, `${what}images`), nameOf(labels, `${what}labels`)] as const;
  const [x, y] = await Promise.all([
    readIdx(images, { ...limits, name: names[0] }),
    readIdx(labels, { ...limits, name: names[1] }),
  ]);
  const where = `idx ${names[1]}`;
  const [count = 0, ...shape] = x.shape;
  if (shape.length === 0) fail(`idx ${names[0]}`, "it has one size, expected [count, ...]", "are these the labels?");
  if (y.shape[0] !== count) {
    fail(where, `it has ${y.shape[0]} labels, ${names[0]} has ${count} images`, "give the two files of one pair");
  }
  const data = x.data instanceof Uint8Array ? x.data : floats(x.data);
  return { where, x: data, ...answersOf(where, y), count, shape };
}

/** Throws where a test pair is of another shape or kind than the first. */
function checkAlike(a: Pair, b: Pair): void {
  const shapes = [a, b].map(({ shape }) => shape.join(" x "));
  if (shapes[0] !== shapes[1]) fail(b.where, `its images are ${shapes[1]}, the first pair's ${shapes[0]}`);
  if (a.x.constructor !== b.x.constructor || a.outputs !== b.outputs) {
    fail(b.where, "its numbers are of another kind than the first pair's", "give both as bytes, or both as floats");
  }
}

function both<T extends Pair["x"] | Pair["y"]>(first: T, rows: Uint32Array, [wide, second]: [number, T]): T {
  const make = first.constructor as new (length: number) => T;
  const result = new make(rows.length * wide + second.length);
  result.set(pick(new make(rows.length * wide), first, rows));
  result.set(second, rows.length * wide);
  return result;
}

/**
 * A dataset of IDX files, plain or gzip: `idx({ images, labels })`, or with the format's own test files `idx({ images, labels,
 * test: { images, labels } })`, whose rows are then all of the test split, in their order. Bytes stay bytes and are scaled by
 * 1/255; other types become f32. Rejects for broken files (file and byte named) and for pairs whose counts or shapes differ.
 */
export async function idx(options: IdxOptions): Promise<Dataset> {
  checkKeys("idx", options, keys);
  const { name = "idx", test, split, seed = 0, classes, shift = 0, maxBytes } = options;
  const limits = maxBytes === undefined ? {} : { maxBytes };
  const first = await readPair(options, "", limits);
  const scale = options.scale ?? (first.x instanceof Uint8Array ? 1 / 255 : 1);
  const { shape, outputs } = first;
  const common = { name, shape, scale, shift, ...(outputs ? { outputs } : {}), ...(classes ? { classes } : {}) };
  if (!test) return dataset({ ...common, x: first.x, y: first.y, seed, ...(split ? { split } : {}) });

  const second = await readPair(test, "test ", limits);
  checkAlike(first, second);
  checkInteger(name, "split.test", split?.test ?? 0, { min: 0, max: 0 });
  const labels = outputs === 0 ? Array.from(first.y).reduce((most, label) => Math.max(most, label), 0) + 1 : undefined;
  const plan = dealing(
    `dataset ${name}`,
    { y: first.y, seed, split: split ?? { validation: 0.1 } },
    first.count,
    labels,
  );
  const rows = deal(plan);
  const features = shape.reduce((product, size) => product * size, 1);
  const [train, validation] = plan.sizes;
  return dataset({
    ...common,
    x: both(first.x, rows, [features, second.x]),
    y: both(first.y, rows, [outputs || 1, second.y]),
    shuffle: false,
    split: { train, validation, test: second.count },
  });
}
