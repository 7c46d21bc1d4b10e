// The page's settings, hash and numbers, without a browser.
import { describe, expect, test } from "vitest";
import { rgbOf } from "../../src/page/canvas.ts";
import {
  changeKind,
  dataNames,
  defaults,
  optimizerNames,
  readHash,
  readNumber,
  type Settings,
  writeHash,
  writeNumber,
} from "../../src/page/settings.ts";
import { extent, Smooth, Track, thin } from "../../src/page/track.ts";

describe("hash", () => {
  test("every setting survives the round trip", () => {
    const settings: Settings = {
      data: "digits",
      optimizer: "momentum",
      lr: 3e-4,
      batch: 7,
      width: 20,
      steps: 99,
      seed: 4e9,
    };
    expect(readHash(writeHash(settings), false)).toEqual({ settings, notes: [] });
    expect(readHash(writeHash(settings), true)).toEqual({ settings, notes: [] });
  });

  test("the defaults of every data set and optimizer need no numbers, and mean the same on a CPU", () => {
    for (const data of dataNames) {
      for (const optimizer of optimizerNames) {
        const settings = defaults(data, optimizer, false);
        expect(writeHash(settings)).toBe(`#v=1&data=${data}&optimizer=${optimizer}`);
        expect(readHash(writeHash(settings), true).settings).toEqual(settings);
      }
    }
  });

  test("no hash gives the defaults, smaller on a CPU where they must be", () => {
    expect(readHash("", false)).toEqual({ settings: defaults("spirals", "adam", false), notes: [] });
    expect(defaults("digits", "adam", true).width).toBeLessThan(defaults("digits", "adam", false).width);
  });

  test("what is unknown or out of limits is told, and nothing of it is used", () => {
    const { settings, notes } = readHash("#v=1&data=spiral&lr=-1&batch=1e9&stepz=5&__proto__=1&constructor=2", false);
    expect(settings).toEqual(defaults("spirals", "adam", false));
    expect(notes).toEqual([
      'data "spiral" is unknown, spirals is used',
      "Learning rate: expected a number from 1e-6 to 1e6; 0.01 is used",
      "Batch: expected a whole number from 1 to 800; 32 is used",
      '"stepz" is no setting (meant: steps?)',
      '"__proto__" is no setting',
    ]);
  });
});

describe("fields", () => {
  test("numbers as people write them", () => {
    expect(readNumber("lr", " 3e-4 ")).toBe(3e-4);
    expect(readNumber("lr", "0,01")).toBe(0.01);
    for (const text of ["", "abc", "0", "Infinity", "1e7"])
      expect(readNumber("lr", text)).toMatch(/^Learning rate: expected/);
    expect(readNumber("steps", "2.5")).toBe("Steps: expected a whole number from 1 to 100000");
  });

  test("what is written is read as the same number", () => {
    for (const value of [0.01, 3e-4, 1e-6, 1e6, 123.456, 0.1]) expect(readNumber("lr", writeNumber(value))).toBe(value);
    expect([0.01, 3e-4, 1500].map(writeNumber)).toEqual(["0.01", "3e-4", "1500"]);
  });

  test("numbers nobody touched follow the optimizer and the data, others stay", () => {
    const start = { ...defaults("spirals", "adam", false), width: 50 };
    const changed = changeKind(start, { data: "digits", optimizer: "sgd" }, false);
    expect(changed).toEqual({ ...defaults("digits", "sgd", false), width: 50 });
  });
});

describe("numbers on the charts", () => {
  test("colours as they are written and as a build shortens them", () => {
    expect(rgbOf("#d55e00")).toEqual([213, 94, 0]);
    expect(rgbOf("#fff")).toEqual([255, 255, 255]);
    expect(rgbOf("#0a9")).toEqual([0, 170, 153]);
  });

  test("smoothing is debiased, exact for a constant, and passes over what is not finite", () => {
    const constant = new Smooth(20);
    for (const value of [3, 3, Number.NaN, 3, Number.POSITIVE_INFINITY, 3])
      expect(constant.next(value)).toBeCloseTo(3, 12);
    const two = new Smooth(2);
    two.next(1);
    // Weights 1/2 and 1/4 of the newest and the one before, over their sum.
    expect(two.next(4)).toBeCloseTo((4 / 2 + 1 / 4) / (3 / 4), 12);
    expect(new Smooth(5).next(Number.NaN)).toBeNaN();
  });

  test("a track keeps every number and takes no more than its steps", () => {
    const track = new Track(3, 5);
    track.add(Float32Array.of(1, 2));
    track.add(Float32Array.of(3, 4));
    expect([...track.raw]).toEqual([1, 2, 3]);
    expect(track.length).toBe(3);
  });

  test("thinning loses no spike and covers only the steps there are", () => {
    const values = new Float32Array(1000).fill(1);
    values[617] = 50;
    values[3] = Number.NaN;
    const columns = thin(values.subarray(0, 700), 1000, 90);
    expect(Math.max(...columns.map(({ high }) => high))).toBe(50);
    expect(columns.length).toBe(63);
    expect(columns.at(-1)?.to).toBe(700);
    expect(columns.every(({ to }, i) => (columns[i + 1]?.from ?? to) === to)).toBe(true);
    expect(thin(new Float32Array(0), 10, 5)).toEqual([]);
    expect(extent([Number.NaN, 2, Number.POSITIVE_INFINITY, -1])).toEqual({ low: -1, high: 2 });
  });
});
