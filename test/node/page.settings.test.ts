// The page's settings and links, fields, curves and images from the pad, without a browser.
import { describe, expect, test } from "vitest";
import { rgbOf } from "../../src/page/canvas.ts";
import { readRoute, writeRoute } from "../../src/page/route.ts";
import { curveData, extent } from "../../src/page/train/curves.ts";
import { readQuery, writeQuery } from "../../src/page/train/hash.ts";
import { Series } from "../../src/page/train/history.ts";
import { readNumber, writeNumber } from "../../src/page/train/numbers.ts";
import {
  CHAIN,
  hasRate,
  makeOptimizer,
  optimizerFields,
  optimizerNames,
  plainChoice,
  ruleNames,
} from "../../src/page/train/optimizers.ts";
import { halved, mnistImage } from "../../src/page/train/pad_image.ts";
import { presets } from "../../src/page/train/presets.ts";
import { make } from "../../src/page/train/recipe.ts";
import { makeSchedule, scheduleNames } from "../../src/page/train/schedules.ts";
import { changeKind, defaults, limits, type Settings } from "../../src/page/train/settings.ts";
import { setNames } from "../../src/page/train/sets.ts";
import { learningRateAt } from "../../src/optim/chain.ts";
import { adamw } from "../../src/optim/index.ts";
import { recipeHash } from "../../src/train/recipe.ts";

const usual = defaults("spirals", "adam", false);

const everything: Settings = {
  data: "circles",
  dataOptions: { count: 321, factor: 0.25 },
  hidden: [
    { kind: "linear", width: 7 },
    { kind: "residual", layers: [{ kind: "linear", width: 7 }, { kind: "gelu" }] },
  ],
  loss: "crossEntropy",
  optimizer: { name: "adamw", chain: [], tweaks: { "adam.beta1": 0.8, "weightDecay.weightDecay": 0.05 }, clip: 2 },
  lr: 3e-4,
  schedule: { kind: "step", options: { every: 40, factor: 0.5 }, warmup: 5 },
  batch: 9,
  steps: 99,
  seed: 4e9,
};

describe("links", () => {
  test("every setting survives the round trip, and reads well", () => {
    const query = writeQuery(everything);
    expect(readQuery(query, false)).toEqual({ settings: everything, notes: [] });
    expect(readQuery(query, true)).toEqual({ settings: everything, notes: [] });
    expect(query).toContain("hidden=linear+7,+residual+(linear+7,+gelu)&optimizer=adamw&adam.beta1=0.8");
    expect(readRoute(writeRoute({ view: "train", query }))).toEqual({ view: "train", query });
  });

  test("defaults need no words: an empty query, and the version alone", () => {
    expect(writeQuery(usual)).toBe("v=1");
    expect(readQuery("", false)).toEqual({ settings: usual, notes: [] });
    for (const data of setNames) {
      for (const optimizer of ["adam", "sgd", "lion"]) {
        const settings = defaults(data, optimizer, false);
        expect(readQuery(writeQuery(settings), true).settings, `${data} ${optimizer}`).toEqual(settings);
      }
    }
  });

  test("an empty link is smaller on a CPU where it must be; a link means the same everywhere", () => {
    const [small, large] = [defaults("digits", "adam", true), defaults("digits", "adam", false)];
    expect(small.hidden).not.toEqual(large.hidden);
    expect(readQuery(writeQuery(small), false).settings).toEqual(small);
  });

  test("a chain of rules of one's own", () => {
    const chain = ["clipByValue", "adam", "adam", "descend"];
    const tweaks = { "adam2.beta2": 0.99, "clipByValue.limit": 0.5 };
    const settings = { ...usual, optimizer: { name: CHAIN, chain, tweaks, clip: 0 } };
    expect(readQuery(writeQuery(settings), false)).toEqual({ settings, notes: [] });
    const made = makeOptimizer(settings.optimizer, 0.1);
    expect(made.links.map(({ rule }) => rule)).toEqual(chain);
    expect(made.links[2]?.options.beta2).toBe(0.99);
    expect(learningRateAt(made, 0)).toBe(0.1);
  });

  test("what is unknown or out of limits is told, and nothing of it is used", () => {
    const query =
      "v=1&data=spiral&lr=-1&batch=1e9&stepz=5&__proto__=1&constructor=2&hidden=linear+99999&adam.beta1=much";
    const { settings, notes } = readQuery(query, false);
    expect(settings).toEqual(usual);
    expect(notes).toEqual([
      'data "spiral" is unknown, spirals is used',
      "adam.beta1: expected a number from -1e6 to 1e6; 0.9 is used",
      "a layer is wider than 2048; the usual network is used",
      "Learning rate: expected a number from 1e-7 to 10000; 0.01 is used",
      "Batch: expected a whole number from 1 to 8192; 32 is used",
    ]);
    expect(readQuery("stepz=5&__proto__=1", false).notes).toEqual([
      '"stepz" is no setting (meant: steps?)',
      '"__proto__" is no setting',
    ]);
    expect(readQuery("data=digits&data.size=20", false).notes[0]).toContain("expected one of 28, 14");
    expect(readQuery(`hidden=${"residual+(".repeat(40)}`, false).settings).toEqual(usual);
    expect(readQuery(`hidden=${Array(30).fill("relu").join(",")}`, false).notes[0]).toContain("30 layers");
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("a route names a view or is Train's", () => {
    expect(readRoute("#race?seeds=5")).toEqual({ view: "race", query: "seeds=5" });
    expect(readRoute("#v=1&data=xor")).toEqual({ view: "train", query: "v=1&data=xor" });
    expect(readRoute("")).toEqual({ view: "train", query: "" });
    expect(writeRoute({ view: "race", query: "" })).toBe("#race");
  });
});

describe("settings", () => {
  test("every optimizer, schedule and preset can be made and has a network", () => {
    expect(optimizerNames.length).toBeGreaterThan(30);
    for (const name of optimizerNames) {
      const { job } = make({ ...usual, optimizer: plainChoice(name) }, undefined);
      expect(job.optimizer.links.length, name).toBeGreaterThan(0);
      expect(hasRate(plainChoice(name)), name).toBe(true);
    }
    for (const kind of scheduleNames) {
      const made = makeOptimizer(plainChoice("adam"), makeSchedule({ kind, options: {}, warmup: 0 }, 0.1, 50));
      const rates = Array.from({ length: 50 }, (_, t) => learningRateAt(made, t));
      expect(
        rates.every((rate) => rate >= 0 && rate <= 0.1 + 1e-12),
        kind,
      ).toBe(true);
    }
    for (const { name, query } of presets) {
      const { settings, notes } = readQuery(query, false);
      expect(notes, name).toEqual([]);
      expect(make(settings, undefined).summary.parameters, name).toBeGreaterThan(0);
    }
  });

  test("every rule of the registry can be in a chain, with every hyperparameter it declares", () => {
    for (const rule of ruleNames) {
      const chain = rule === "descend" ? ["descend"] : [rule, "descend"];
      const fields = optimizerFields({ name: CHAIN, chain, tweaks: {}, clip: 0 });
      expect(fields[0]?.rule).toBe(rule);
    }
  });

  test("a tweak reaches the optimizer: the page's adamw is the library's", () => {
    const choice = { ...plainChoice("adamw"), tweaks: { "adam.beta1": 0.8, "weightDecay.weightDecay": 0.1 } };
    expect(makeOptimizer(choice, 0.02)).toEqual(adamw({ lr: 0.02, beta1: 0.8, weightDecay: 0.1 }));
  });

  test("numbers nobody touched follow the optimizer and the data, others stay", () => {
    const start = { ...usual, batch: 50 };
    const changed = changeKind(start, { data: "digits", optimizer: "sgd" }, false);
    expect(changed).toEqual({ ...defaults("digits", "sgd", false), batch: 50 });
  });

  test("a warm-up reaches the rate at its end, from above 0", () => {
    const made = makeOptimizer(plainChoice("sgd"), makeSchedule({ kind: "cosine", options: {}, warmup: 10 }, 1, 100));
    expect(learningRateAt(made, 0)).toBeCloseTo(0.1, 12);
    expect(learningRateAt(made, 10)).toBeCloseTo(1, 12);
    expect(learningRateAt(made, 99)).toBeLessThan(0.001);
  });

  test("equal settings make equal recipes: what a link holds is the run", () => {
    const hash = (settings: Settings): string => recipeHash(make(settings, undefined).job as never);
    const again = readQuery(writeQuery(everything), false).settings;
    expect(hash(again)).toBe(hash(everything));
    expect(hash({ ...again, seed: 1 })).not.toBe(hash(everything));
  });
});

describe("fields", () => {
  test("numbers as people write them", () => {
    expect(readNumber(limits.lr, " 3e-4 ")).toBe(3e-4);
    expect(readNumber(limits.lr, "0,01")).toBe(0.01);
    for (const text of ["", "abc", "0", "Infinity", "1e7"])
      expect(readNumber(limits.lr, text)).toMatch(/^Learning rate: expected/);
    expect(readNumber(limits.steps, "2.5")).toBe("Steps: expected a whole number from 1 to 100000");
  });

  test("what is written is read as the same number", () => {
    for (const value of [0.01, 3e-4, 1e-7, 1e4, 123.456, 0.1])
      expect(readNumber(limits.lr, writeNumber(value))).toBe(value);
    expect([0.01, 3e-4, 1500, 0, -0.5].map(writeNumber)).toEqual(["0.01", "3e-4", "1500", "0", "-0.5"]);
  });
});

describe("numbers on the charts", () => {
  test("colours as they are written and as a build shortens them", () => {
    expect(rgbOf("#d55e00")).toEqual([213, 94, 0]);
    expect(rgbOf("#fff")).toEqual([255, 255, 255]);
  });

  test("smoothing is debiased, exact for a constant, passes over what is not finite, and may be changed", () => {
    const series = new Series(6);
    series.add([3, 3, Number.NaN, 3, Number.POSITIVE_INFINITY, 3]);
    for (const value of series.smooth(0.95)) expect(value).toBeCloseTo(3, 12);
    const two = new Series(4);
    two.add([1, 4]);
    // Weights 1/2 and 1/4 of the newest and the one before, over their sum.
    expect(two.smooth(0.5)[1]).toBeCloseTo((4 / 2 + 1 / 4) / (3 / 4), 12);
    expect([...two.smooth(0)]).toEqual([1, 4]);
    two.add([1]);
    expect(two.smooth(0.5)[2]).toBeCloseTo((1 / 2 + 4 / 4 + 1 / 8) / (7 / 8), 12);
  });

  test("a series keeps every number, takes no more than its steps, and goes back to a snapshot", () => {
    const series = new Series(3);
    series.add([1, 2]);
    series.add([3, 4]);
    expect([...series.raw]).toEqual([1, 2, 3]);
    series.cut(1);
    series.add([7]);
    expect([series.length, ...series.raw.subarray(0, 2)]).toEqual([2, 1, 7]);
    expect([...series.smooth(0)]).toEqual([1, 7]);
  });

  test("curves lose no spike, keep the order of x, and place validations between the steps", () => {
    const series = new Series(1000);
    const values = new Float64Array(700).fill(1);
    values[617] = 50;
    values[3] = Number.NaN;
    series.add(values);
    const validations = [
      { step: 0, value: 2 },
      { step: 350, value: 9 },
    ];
    const data = curveData({ series, smoothing: 0.9, place: (done) => done * 32, validations, columns: 90 });
    const [x = [], raw = [], , checks = []] = data as (number | null)[][];
    expect(Math.max(...raw.map((value) => value ?? 0))).toBe(50);
    expect(x.every((at, i) => i === 0 || (at as number) >= (x[i - 1] as number))).toBe(true);
    expect(checks.flatMap((value, i) => (value === null ? [] : [[x[i], value]]))).toEqual([
      [0, 2],
      [350 * 32, 9],
    ]);
    expect(data.every((column) => column.length === x.length)).toBe(true);
    expect(extent([Number.NaN, 2, Number.POSITIVE_INFINITY, -1])).toEqual({ low: -1, high: 2 });
    expect(extent([])).toBeUndefined();
  });
});

describe("the pad", () => {
  /** A bar of ink, `wide` x `high`, with its corner at (left, top) of a pad of 140. */
  const bar = (left: number, top: number, wide: number, high: number): Float32Array =>
    Float32Array.from({ length: 140 * 140 }, (_, i) => {
      const [x, y] = [i % 140, Math.floor(i / 140)];
      return x >= left && x < left + wide && y >= top && y < top + high ? 1 : 0;
    });

  test("an image does not depend on where it is drawn, nor on how large", () => {
    const image = mnistImage(bar(10, 5, 10, 60), 140);
    expect(mnistImage(bar(110, 70, 10, 60), 140)).toEqual(image);
    expect(mnistImage(bar(30, 5, 20, 120), 140)).toEqual(image);
    expect(mnistImage(new Float32Array(140 * 140), 140)).toBeUndefined();
  });

  test("the ink fills 20 pixels about the middle", () => {
    const image = mnistImage(bar(60, 10, 20, 120), 140) as Uint8Array;
    const rows = Array.from({ length: 28 }, (_, y) => Math.max(...image.subarray(y * 28, (y + 1) * 28)));
    expect(rows.filter((ink) => ink > 127).length).toBe(20);
    expect([rows[3], rows[4], rows[23], rows[24]].map((ink) => (ink ?? 0) > 127)).toEqual([false, true, true, false]);
    expect(halved(image).length).toBe(196);
  });
});
