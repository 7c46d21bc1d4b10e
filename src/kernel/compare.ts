// Compares what a GPU wrote with a reference tensor and its derived bounds: exactly, or as a share of the bound.
// NaN and infinity are told by their bits: compilers fold x != x, and JavaScript would call NaN unequal to itself.
import type { Dtype } from "../core/shape.ts";
import { columnsOf, elements } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";

/** "exact": bit equality, of data whose every sum and product fits 24 bits. "bound": the kernel's own derived bound. */
export type Tier = "exact" | "bound";

export interface Comparison {
  readonly tier: Tier;
  /** The worst error over its bound; infinite where a value that must be equal is not. Above 1 it is wrong. */
  readonly ratio: number;
  /** Of the first wrong element, or of the worst where none is wrong. */
  readonly index: readonly number[];
  readonly expected: number;
  readonly got: number;
  readonly bound: number;
  readonly wrong: number;
  readonly total: number;
}

const LARGEST = (2 - 2 ** -23) * 2 ** 127;

const bits = new DataView(new ArrayBuffer(4));

const floatOf = (word: number): number => {
  bits.setUint32(0, word);
  return bits.getFloat32(0);
};

/** Error over bound of one f32. Zeros are equal whatever their sign; a value that may overflow may be anything not finite. */
function ratioOf(word: number, want: number, bound: number): number {
  const magnitude = word & 0x7fffffff;
  const isNan = magnitude > 0x7f800000;
  if (Number.isNaN(want)) return isNan ? 0 : Number.POSITIVE_INFINITY;
  if (magnitude >= 0x7f800000) {
    const overflows = Math.abs(want) === Number.POSITIVE_INFINITY || Math.abs(want) + bound > LARGEST;
    const sameSign = word >>> 31 === (want < 0 ? 1 : 0);
    return overflows && (isNan ? bound > 0 : sameSign) ? 0 : Number.POSITIVE_INFINITY;
  }
  if (!(bound >= 0) || Math.abs(want) === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  const got = floatOf(word);
  if (bound > 0) return Math.abs(got - want) / bound;
  return got === Math.fround(want) ? 0 : Number.POSITIVE_INFINITY;
}

const numberOf = (word: number, dtype: Dtype): number => (dtype === "f32" ? floatOf(word) : word);

/**
 * One tensor in `words`, the bits of a whole buffer, against the reference's values and bounds; `want` says where it lies.
 * u32 must always be equal.
 */
export function compare(words: Uint32Array, want: Tensor, options: { dtype: Dtype; tier: Tier }): Comparison {
  const { dtype, tier } = options;
  const cols = columnsOf(want.shape);
  const total = elements(want.shape);
  const vector = want.shape.length <= 1;
  let [ratio, worst, wrong, first] = [-1, 0, 0, -1];
  for (let n = 0; n < total; n++) {
    const [i, j] = vector ? [n, 0] : [Math.floor(n / cols), n % cols];
    const word = words[want.offset + i * want.stride + j] as number;
    const value = want.at(i, j);
    const exact = tier === "exact" || dtype !== "f32";
    const share =
      dtype === "f32"
        ? ratioOf(word, value, exact ? 0 : want.error(i, j))
        : word === value
          ? 0
          : Number.POSITIVE_INFINITY;
    if (share > ratio) [ratio, worst] = [share, n];
    if (share > 1 && first < 0) first = n;
    if (share > 1) wrong++;
  }
  const shown = first < 0 ? worst : first;
  const [i, j] = vector ? [shown, 0] : [Math.floor(shown / cols), shown % cols];
  return {
    tier,
    ratio: Math.max(ratio, 0),
    index: vector ? [i] : [i, j],
    expected: want.at(i, j),
    got: numberOf(words[want.offset + i * want.stride + j] as number, dtype),
    bound: tier === "exact" || dtype !== "f32" ? 0 : want.error(i, j),
    wrong,
    total,
  };
}

/** Two numbers with as few digits, three at least, as tell them apart. */
function showPair(want: number, got: number): [string, string] {
  if ([want, got].every(Number.isInteger) && Math.max(Math.abs(want), Math.abs(got)) >= 1000)
    return [`${want}`, `${got}`];
  const plain = [want, got].every((value) => value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5));
  const show = (value: number, digits: number) => {
    if (!Number.isFinite(value)) return `${value}`;
    return plain ? value.toFixed(digits) : value.toExponential(digits);
  };
  for (let digits = 3; digits < 12; digits++) {
    if (show(want, digits) !== show(got, digits)) return [show(want, digits), show(got, digits)];
  }
  return [show(want, 12), show(got, 12)];
}

/** `1 of 65 wrong, first at [64]: want 0.250, got 0.000`, and the bound where there is one. */
export function describeWrong({ wrong, total, index, expected, got, bound }: Comparison): string {
  const [want, found] = showPair(expected, got);
  const allowed = bound > 0 ? `, allowed ${bound.toExponential(2)}` : "";
  return `${wrong} of ${total} wrong, first at [${index.join(", ")}]: want ${want}, got ${found}${allowed}`;
}
