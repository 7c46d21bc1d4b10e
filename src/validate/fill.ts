// What the inputs of cases hold: functions of (seed, tensor, run, logical element), so that no layout changes a number.
import { hash, normal, uniform } from "../core/random.ts";
import type { Fill } from "../kernel/cases.ts";

/** Kinks and branches of the activations, subnormals, magnitudes far apart; products of two stay below 2^111. */
const SPECIAL = [
  0,
  -0,
  1,
  -1,
  0.5,
  3,
  -7.25,
  2 ** -149,
  -(2 ** -130),
  2 ** -127,
  2 ** -126,
  -(2 ** -126),
  1e-30,
  -1e-20,
  1e-6,
  -1e-6,
  0.03125,
  -0.03125,
  0.031249998,
  20,
  -20,
  88.7,
  -88.8,
  104,
  -104,
  1e4,
  -1e4,
  12345.678,
  2 ** 30,
  -(2 ** 40),
  2 ** 55,
  -(2 ** 50),
] as const;

const NONFINITE = [1, Number.NaN, -2, Number.POSITIVE_INFINITY, 3, Number.NEGATIVE_INFINITY, 0, 5] as const;

/** The four keys of a number: the case's seed, the tensor's own stream, its run and slice, the element. */
export interface Key {
  readonly seed: number;
  readonly stream: number;
  readonly instance: number;
  readonly run: number;
  readonly row: number;
  readonly column: number;
  readonly columns: number;
}

const indexOf = ({ row, column, columns }: Key): number => row * columns + column;
const hashOf = (key: Key): number => hash(key.seed, key.stream, key.instance, indexOf(key));

/** A row of +150 and +148 among zeros, of 1e4 either way, of ties, of -1e4 throughout, or an ordinary one. */
function logit(key: Key): number {
  const { row, column, columns } = key;
  const kind = (row + key.instance) % 5;
  if (kind === 1) {
    // Two large ones four apart, so that losing one lane of a maximum shows: a single one only shifts the row.
    const top = (row * 7 + key.seed) % columns;
    return column === top ? 150 : column === (top + 4) % columns ? 148 : 0;
  }
  if (kind === 2) return hashOf(key) % 2 === 0 ? 1e4 : -1e4;
  if (kind === 3) return column % 3 === 0 ? 2.5 : 1;
  if (kind === 4) return -1e4;
  return Math.fround(3 * normal(key.seed, key.stream, key.instance, indexOf(key)));
}

/** A stream of a tensor: its name, hashed. */
export const streamOf = (name: string): number =>
  [...name].reduce((total, letter) => (Math.imul(total, 31) + (letter.codePointAt(0) as number)) >>> 0, 7);

const cycled = (values: readonly number[], i: number): number => values[i % values.length] as number;

/** The number (f32, or a word) at a logical element. */
export function numberAt(fill: Fill, key: Key): number {
  if (typeof fill === "object") {
    if ("below" in fill) return hashOf(key) % fill.below;
    return cycled(
      "values" in fill ? fill.values : (fill.byRun[key.run % fill.byRun.length] as readonly number[]),
      indexOf(key),
    );
  }
  switch (fill) {
    case "integers":
      return (hashOf(key) % 17) - 8;
    case "normal":
      return Math.fround(normal(key.seed, key.stream, key.instance, indexOf(key)));
    case "positive":
      return uniform(key.seed, key.stream, key.instance, indexOf(key));
    case "special":
      return Math.fround(cycled(SPECIAL, hashOf(key)));
    case "nonfinite":
      return cycled(NONFINITE, hashOf(key));
    case "logits":
      return logit(key);
    case "bytes":
      return hashOf(key) % 256;
    case "words":
      return hashOf(key);
    default:
      return fill satisfies never;
  }
}
