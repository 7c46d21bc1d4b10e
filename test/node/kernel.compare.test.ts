import { describe, expect, test } from "vitest";
import { Tensor } from "../../src/core/tensor.ts";
import { Bounds, exact } from "../../src/kernel/bound.ts";
import { compare, describeWrong, type Tier } from "../../src/kernel/compare.ts";

const bitsOf = (values: readonly number[]): Uint32Array => new Uint32Array(Float32Array.from(values).buffer);

/** A vector of wanted values, each with its bound, against bits. */
function against(
  words: Uint32Array,
  want: readonly number[],
  options: { bounds?: readonly number[]; tier?: Tier } = {},
) {
  const { bounds = want.map(() => 0), tier = "bound" } = options;
  const tensor = new Tensor(Float64Array.from(want), [want.length], { errors: Float64Array.from(bounds) });
  return compare(words, tensor, { dtype: "f32", tier });
}

describe("a bound", () => {
  test("allows what it allows and no more", () => {
    expect(against(bitsOf([1.5]), [1], { bounds: [0.5] })).toMatchObject({ wrong: 0, ratio: 1 });
    expect(against(bitsOf([1.5]), [1], { bounds: [0.4999] })).toMatchObject({
      wrong: 1,
      index: [0],
      got: 1.5,
      expected: 1,
    });
  });

  test("of 0 means the f32 nearest to the reference, of either zero", () => {
    expect(against(bitsOf([0.1]), [0.1])).toMatchObject({ wrong: 0, ratio: 0 });
    expect(against(bitsOf([0.1 + 1e-8]), [0.1]).wrong).toBe(1);
    expect(against(bitsOf([-0]), [0]).wrong).toBe(0);
  });

  test("is not looked at where the tier is exact", () => {
    expect(against(bitsOf([2.0000002]), [2], { bounds: [1], tier: "exact" })).toMatchObject({
      wrong: 1,
      bound: 0,
      tier: "exact",
    });
  });

  test("that is NaN allows nothing; an infinite one allows every number", () => {
    expect(against(bitsOf([1]), [1], { bounds: [Number.NaN] }).wrong).toBe(1);
    expect(against(bitsOf([9]), [1], { bounds: [Number.POSITIVE_INFINITY] }).wrong).toBe(0);
  });

  test("reports the worst share and where it is", () => {
    const result = against(bitsOf([1, 2.1, 3.3]), [1, 2, 3], { bounds: [1, 1, 1] });
    expect(result.ratio).toBeCloseTo(0.3, 5);
    expect(result).toMatchObject({ index: [2], wrong: 0, total: 3 });
  });
});

test("a product with 0 is 0, however little is known of the other number", () => {
  const by = new Bounds({ u: 2 ** -24 });
  const unbounded = { v: 3, e: Number.POSITIVE_INFINITY };
  expect(by.multiply(exact(0), unbounded)).toEqual({ v: 0, e: 2 ** -126 });
  expect(by.multiply(unbounded, exact(2)).e).toBe(Number.POSITIVE_INFINITY);
  expect(by.multiply({ v: 0, e: 1 }, unbounded).e).toBe(Number.POSITIVE_INFINITY);
});

describe("what is not finite is compared by its class", () => {
  const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY];
  const payload = Uint32Array.of(0xffc01234);

  test.each([
    ["NaN of any bits for NaN", payload, nan, 0],
    ["a number for NaN", bitsOf([0]), nan, 1],
    ["NaN for a number", payload, 1, 1],
    ["infinity for infinity", bitsOf([inf]), inf, 0],
    ["the other infinity", bitsOf([-inf]), inf, 1],
    ["infinity for a number", bitsOf([inf]), 1, 1],
    ["infinity for what f32 cannot hold", bitsOf([inf]), 4e38, 0],
    ["a finite number for infinity", bitsOf([3e38]), inf, 1],
  ])("%s", (_, words, want, wrong) => {
    expect(against(words, [want], { bounds: [Math.abs(want) * 1e-6] }).wrong).toBe(wrong);
    expect(against(words, [want], { tier: "exact" }).wrong).toBe(wrong);
  });
});

test("u32 must be equal, as words", () => {
  const want = new Tensor(Uint32Array.of(1, 0xffffffff), [2]);
  expect(compare(Uint32Array.of(1, 0xffffffff), want, { dtype: "u32", tier: "bound" }).wrong).toBe(0);
  expect(compare(Uint32Array.of(1, 0xfffffffe), want, { dtype: "u32", tier: "bound" })).toMatchObject({
    wrong: 1,
    index: [1],
    got: 0xfffffffe,
  });
});

test("rows are found by offset and pitch, and shown as [row, column]", () => {
  const data = Float64Array.from({ length: 20 }, (_, i) => i);
  const want = new Tensor(data, [2, 3], { offset: 4, pitch: 8 });
  const words = bitsOf([...data]);
  expect(compare(words, want, { dtype: "f32", tier: "exact" }).wrong).toBe(0);
  words[4 + 8 + 2] = 0;
  expect(compare(words, want, { dtype: "f32", tier: "exact" })).toMatchObject({
    wrong: 1,
    index: [1, 2],
    expected: 14,
    got: 0,
  });
});

describe("the message", () => {
  test("gives the first wrong element and both numbers", () => {
    const want = Array.from({ length: 65 }, () => 0.25);
    const result = against(bitsOf(want.map((value, i) => (i === 64 ? 0 : value))), want);
    expect(describeWrong(result)).toBe("1 of 65 wrong, first at [64]: want 0.250, got 0.000");
  });

  test("takes as many digits as tell the two apart, and names the bound", () => {
    expect(describeWrong(against(bitsOf([0.2500001]), [0.25], { bounds: [1e-8] }))).toBe(
      "1 of 1 wrong, first at [0]: want 0.2500000, got 0.2500001, allowed 1.00e-8",
    );
    expect(describeWrong(against(bitsOf([1e-9]), [2e-9]))).toBe(
      "1 of 1 wrong, first at [0]: want 2.000e-9, got 1.000e-9",
    );
  });
});
