import { describe, expect, test } from "vitest";
import {
  BOOTSTRAP_FROM,
  interval,
  luck,
  median,
  probabilityLess,
  quantile,
  separable,
  wilson,
} from "../../src/report/statistics.ts";

const NEVER = Number.POSITIVE_INFINITY;

describe("quantile", () => {
  test("interpolates at (n - 1) q, type 7", () => {
    const values = [40, 10, 30, 20];
    expect(quantile(values, 0)).toBe(10);
    expect(quantile(values, 0.25)).toBe(17.5);
    expect(quantile(values, 0.5)).toBe(25);
    expect(quantile(values, 0.9)).toBeCloseTo(37, 12);
    expect(quantile(values, 1)).toBe(40);
    expect(values).toEqual([40, 10, 30, 20]);
  });

  test("goes by the ratio with log spacing, by the sum where a value is not positive", () => {
    expect(median([0.01, 1], "log")).toBeCloseTo(0.1, 12);
    expect(median([0, 1], "log")).toBe(0.5);
    expect(median([8, 1, 2], "log")).toBe(2);
  });

  test("keeps diverged values in their place", () => {
    expect(median([1, 2, NEVER])).toBe(2);
    expect(median([1, NEVER])).toBe(NEVER);
    expect(median([NEVER, NEVER, NEVER], "log")).toBe(NEVER);
    expect(quantile([1, 2, NEVER], 0.5)).toBe(2);
  });

  test("refuses no values, NaN and a q outside [0, 1]", () => {
    expect(() => median([])).toThrow("quantile: 0 values, expected at least 1");
    expect(() => median([1, Number.NaN])).toThrow("quantile: value 1 is NaN");
    expect(() => quantile([1], 1.5)).toThrow("quantile: q is 1.5, expected 0 to 1");
  });
});

describe("interval", () => {
  test("is the range below 6 values, and says so", () => {
    expect(interval([3, 1, 2])).toEqual({ kind: "range", low: 1, high: 3, count: 3 });
    expect(interval([3, 1, NEVER])).toEqual({ kind: "range", low: 1, high: NEVER, count: 3 });
    expect(interval(Array.from({ length: BOOTSTRAP_FROM - 1 }, (_, i) => i)).kind).toBe("range");
  });

  // P(the median of a resample of 11 is at most the k-th value) = P(Binomial(11, k / 11) >= 6): 0.0072 for k = 2, 0.0512 for
  // k = 3, so that the 2.5 % point is the 3rd value, and by symmetry the 97.5 % point the 9th.
  test("is the bootstrap's exact interval for 11 values", () => {
    const values = Array.from({ length: 11 }, (_, i) => 10 * (i + 1));
    expect(interval(values)).toEqual({ kind: "bootstrap", low: 30, high: 90, count: 11 });
    expect(interval([...values].reverse())).toEqual(interval(values));
  });

  test("takes diverged values for what they are, and one value for itself", () => {
    expect(interval([5, 5, 5, 5, 5, 5, 5])).toMatchObject({ low: 5, high: 5 });
    const half = interval([1, 2, 3, 4, NEVER, NEVER, NEVER]);
    expect(half.low).toBeLessThan(4);
    expect(half.high).toBe(NEVER);
  });

  test("moves with a change of unit, log spacing with a factor", () => {
    const values = [0.5, 0.02, 0.3, 0.7, 0.11, 0.09, 0.4, 0.23];
    const plain = interval(values, "log");
    const scaled = interval(
      values.map((value) => 1024 * value),
      "log",
    );
    expect(scaled.low / plain.low).toBeCloseTo(1024, 9);
    expect(scaled.high / plain.high).toBeCloseTo(1024, 9);
  });
});

describe("comparing", () => {
  test("P(A < B) counts pairs, ties half", () => {
    expect(probabilityLess([1, 2, 3], [4, 5, 6])).toBe(1);
    expect(probabilityLess([4, 5, 6], [1, 2, 3])).toBe(0);
    expect(probabilityLess([1, 4], [2, 3, 4])).toBe(3.5 / 6);
    expect(probabilityLess([NEVER], [NEVER])).toBe(0.5);
  });

  test("luck is 2 / C(n + m, n)", () => {
    expect(luck(1, 1)).toBe(1);
    expect(luck(2, 2)).toBeCloseTo(1 / 3, 15);
    expect(luck(3, 3)).toBeCloseTo(1 / 10, 15);
    expect(luck(3, 5)).toBeCloseTo(2 / 56, 15);
    expect(luck(5, 5)).toBeCloseTo(2 / 252, 15);
  });

  test("entries are separable when their intervals do not touch, and never with fewer than 3 seeds", () => {
    expect(separable(interval([1, 2, 3]), interval([4, 5, 6]))).toBe(true);
    expect(separable(interval([4, 5, 6]), interval([1, 2, 3]))).toBe(true);
    expect(separable(interval([1, 2, 4]), interval([4, 5, 6]))).toBe(false);
    expect(separable(interval([1, 2]), interval([4, 5]))).toBe(false);
    expect(separable(interval([1, 2, NEVER]), interval([4, 5, NEVER]))).toBe(false);
  });

  // Wilson 1927 for 8 of 10: centre 0.8 + 0.19207 over 1.38415 = 0.71674, half-width 0.22659.
  test("Wilson's interval", () => {
    const { low, high } = wilson(0.8, 10);
    expect(low).toBeCloseTo(0.4902, 4);
    expect(high).toBeCloseTo(0.9433, 4);
    expect(wilson(1, 10).high).toBe(1);
    expect(wilson(0, 10).low).toBe(0);
  });
});
