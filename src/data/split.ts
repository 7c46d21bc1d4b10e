// Which rows go to training, validation and test, and in what order.
import { checkInteger, checkKeys, checkNumber, fail } from "../core/check.ts";
import { permutation } from "../core/order.ts";
import { hash, streams } from "../core/random.ts";

/** Contiguous rows of a dataset. */
export interface Split {
  readonly start: number;
  readonly count: number;
}

export interface Splits {
  readonly train: Split;
  readonly validation: Split;
  readonly test: Split;
}

/**
 * Numbers of rows when any of them exceeds 1, else fractions of the rows. Without `train` training gets the rest; without
 * `validation` or `test` these are empty. Rows that no split takes are left out of the dataset.
 */
export interface SplitSizes {
  readonly train?: number;
  readonly validation?: number;
  readonly test?: number;
}

export type SplitName = keyof Splits;

const names: readonly SplitName[] = ["train", "validation", "test"];

type Sizes = readonly [train: number, validation: number, test: number];

/** Rounds shares of `count` to integers whose sum is the rounded sum, by the largest remainders. */
function roundShares(shares: readonly number[], count: number): number[] {
  const exact = shares.map((share) => share * count);
  const result = exact.map(Math.floor);
  const remainder = (i: number): number => (exact[i] ?? 0) - Math.floor(exact[i] ?? 0);
  const byRemainder = shares.map((_, i) => i).sort((a, b) => remainder(b) - remainder(a) || a - b);
  let missing =
    Math.round(exact.reduce((sum, value) => sum + value, 0)) - result.reduce((sum, value) => sum + value, 0);
  for (const i of byRemainder) {
    if (missing <= 0) break;
    result[i] = (result[i] ?? 0) + 1;
    missing--;
  }
  return result;
}

/** The rows each split gets of `count`. Throws for sizes that are no counts or fractions, too large, or leave no training row. */
export function splitSizes(where: string, split: SplitSizes, count: number): Sizes {
  checkKeys(`${where} split`, split, names);
  for (const name of names) {
    if (split[name] !== undefined) checkNumber(where, `split.${name}`, split[name], { min: 0 });
  }
  const { validation = 0, test = 0 } = split;
  const asCounts = names.some((name) => (split[name] ?? 0) > 1);
  const whole = asCounts ? count : 1;
  const train = split.train ?? whole - validation - test;
  const sum = train + validation + test;
  // 1e-9: fractions such as 0.7 + 0.2 + 0.1 may add up to a little more than 1.
  if (train < 0 || sum > whole + (asCounts ? 0 : 1e-9)) {
    const asked = split.train === undefined ? validation + test : sum;
    fail(where, `the splits take ${asked} of ${whole}`, asCounts ? "ask for fewer rows" : "fractions sum to 1 at most");
  }
  if (asCounts) for (const name of names) checkInteger(where, `split.${name}`, split[name] ?? 0, { min: 0 });
  const [trainCount = 0, validationCount = 0, testCount = 0] = asCounts
    ? [train, validation, test]
    : roundShares([train, validation, test], count);
  if (trainCount < 1) fail(where, `the training split has no rows of ${count}, expected at least 1`);
  return [trainCount, validationCount, testCount];
}

/** Takes `size` of the rows at even distances; returns them and the rest. Runs of k rows give k size / n, within one row. */
function takeEvenly(rows: Uint32Array, size: number): [taken: Uint32Array, rest: Uint32Array] {
  const n = rows.length;
  const isTaken = (i: number): boolean => Math.floor(((i + 1) * size) / n) > Math.floor((i * size) / n);
  return [rows.filter((_, i) => isTaken(i)), rows.filter((_, i) => !isTaken(i))];
}

/** Rows in order of their class, each class shuffled. */
function byClass(labels: Uint32Array, classes: number, seed: number): Uint32Array {
  const members: number[][] = Array.from({ length: classes }, () => []);
  for (const [row, label] of labels.entries()) members[label]?.push(row);
  const rows: number[] = [];
  for (const [label, own] of members.entries()) {
    if (own.length === 0) continue;
    for (const i of permutation(own.length, seed, label)) rows.push(own[i] ?? 0);
  }
  return Uint32Array.from(rows);
}

const shuffled = (rows: Uint32Array, seed: number): Uint32Array =>
  rows.length === 0 ? rows : permutation(rows.length, seed, 0).map((i) => rows[i] ?? 0);

/** How rows are dealt out: in the given order, shuffled, or shuffled with every class in proportion. */
export interface Dealing {
  readonly count: number;
  readonly sizes: Sizes;
  readonly seed: number;
  readonly shuffle: boolean;
  /** Labels below `classes`: stratify by them. */
  readonly strata: { readonly labels: Uint32Array; readonly classes: number } | undefined;
}

/**
 * The rows of train, validation and test, one after the other. Test is dealt first and validation second, so that the test
 * rows depend on the seed, the data and the size of test only. Stratified, test has its share of each class to within a row.
 */
export function deal({ count, sizes, seed, shuffle, strata }: Dealing): Uint32Array {
  const [train, validation, test] = sizes;
  if (!shuffle) return Uint32Array.from({ length: train + validation + test }, (_, i) => i);
  const seedOf = (part: number): number => hash(seed, streams.split, 0, part);
  const all = strata ? byClass(strata.labels, strata.classes, seedOf(0)) : permutation(count, seedOf(0), 0);
  const [testRows, others] = takeEvenly(all, test);
  const [validationRows, rest] = takeEvenly(others, validation);
  const [trainRows] = takeEvenly(rest, train);
  const result = new Uint32Array(train + validation + test);
  result.set(shuffled(trainRows, seedOf(1)), 0);
  result.set(shuffled(validationRows, seedOf(2)), train);
  result.set(shuffled(testRows, seedOf(3)), train + validation);
  return result;
}
