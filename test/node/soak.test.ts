// The soak's verdict on made-up series: noise is none, a number kept at each step is growth.
import { describe, expect, test } from "vitest";
import { normal } from "../../src/core/random.ts";
import { trendOf } from "../soak/trend.mjs";

/** A heap of 10 MiB that keeps `slope` bytes a step, with noise. */
const heap = (slope: number, noise: number, count = 60) =>
  Array.from({ length: count }, (_, i) => ({
    at: 200 * i,
    value: 10 * 2 ** 20 + slope * 200 * i + noise * normal(1, 0, 0, i),
  }));

describe("trend", () => {
  test("is the line's own slope, without error where there is no noise", () => {
    const { slope, error, growth } = trendOf(heap(3, 0));
    expect(slope).toBeCloseTo(3, 6);
    expect(error).toBeCloseTo(0, 4);
    expect(growth).toBeCloseTo(3 * 200 * 59, 3);
  });

  test.each([
    ["nothing", 0, 20_000, false],
    ["less than a number a step", 7, 0, false],
    ["two numbers a step", 16, 10_000, true],
    ["two numbers a step, under noise that hides it", 16, 2e6, false],
    ["an array a step", 400, 200_000, true],
    ["what falls", -50, 1000, false],
  ])("%s", (_, slope, noise, grows) => {
    expect(trendOf(heap(slope, noise)).grows).toBe(grows);
  });

  test("wants samples enough", () => {
    expect(() => trendOf(heap(0, 1, 7))).toThrow("there are 7 samples, expected at least 8; give more --minutes");
  });
});
