import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Done, Facts } from "../../src/cli/job.ts";
import { choose, resultOf } from "../../src/cli/outcome.ts";
import { commitOf, madeNow, resultName, writeResult } from "../../src/cli/results.ts";
import { trainedLine } from "../../src/cli/session.ts";
import { fromBase64, pack, toBase64, unpack } from "../../src/cli/wire.ts";
import { root } from "../../scripts/chrome.mjs";

const folder = mkdtempSync(join(tmpdir(), "fall-line-"));
afterAll(() => rmSync(folder, { recursive: true }));

const facts: Facts = {
  adapter: { description: "acme one", vendor: "acme", architecture: "one", software: false },
  data: { name: "xor", hash: "0123456789abcdef", train: 80, validation: 10, test: 10 },
  ...{ model: "2 - linear 2", parameters: 6, batch: 8, steps: 4, start: 0, seeds: [5, 7] },
  ...{ lossName: "cross entropy", metricName: "accuracy", numericClass: "sequential", recipeHash: "fedcba9876543210" },
  entries: ["sgd 0.1", "sgd 0.3", "adam 0.01"].map((name) => ({
    name,
    optimizer: name.replace(" ", " lr "),
    lr: Number(name.split(" ")[1]),
  })),
};

const points = [2, 4].map((step) => ({ step, loss: [0.5, 0.4, Number.NaN, 0.3, 0.2, 0.1] }));

const done: Done = {
  ...{ step: 4, stopped: false, seconds: { total: 3, training: 2 }, points: [], winner: undefined },
  runs: [0.5, 0.6, 0.1, 0.9, 0.8, 0.9].map((accuracy, i) => ({
    validation: { loss: 1 - accuracy, accuracy },
    ...(i === 2 ? { diverged: 1 } : {}),
  })),
};

const about = {
  name: "a race",
  kind: "race",
  recipe: { seeds: [5, 7] },
  made: madeNow(root, "Chrome 1.2.3.4"),
} as const;

describe("results", () => {
  test("a training taken up says the steps it made, not those before it", () => {
    const whole = resultOf({ facts, points, done }, about);
    const one = { ...whole, entries: whole.entries.slice(0, 1), seeds: [5], steps: 150 };
    const seconds = { ...whole.seconds, runSteps: 50 };
    expect(trainedLine({ ...one, seconds })).toBe("trained 50 steps in 2.0 s (25 run-steps/s), 3 s in all");
  });

  test("runs come back entry by entry and seed by seed", () => {
    const { entries, at, made, seconds } = resultOf({ facts, points, done }, about);
    expect(at).toEqual([2, 4]);
    expect(entries[1]?.runs.map(({ seed, loss }) => [seed, ...loss])).toEqual([
      [5, Number.NaN, Number.NaN],
      [7, 0.3, 0.3],
    ]);
    expect(entries[1]?.runs[0]?.diverged).toBe(1);
    expect(made).toMatchObject({
      adapter: "acme one",
      software: false,
      numericClass: "sequential",
      browser: "Chrome 1.2.3.4",
    });
    expect(made.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(seconds).toEqual({ total: 3, training: 2, stepsPerSecond: 2, runSteps: 24 });
  });

  test("the winner is the entry of the best median, then its best seed", () => {
    expect(choose(facts, done)).toEqual({
      ...{ entry: "adam 0.01", seed: 7, run: 5 },
      chosenBy: "the best median validation accuracy, then that entry's best seed",
    });
    const gone = done.runs.map((run) => ({ ...run, diverged: 1 }));
    expect(choose(facts, { ...done, runs: gone })).toBeUndefined();
  });

  test("what was measured before a breakdown is a result too", () => {
    const result = resultOf({ facts, points: points.slice(0, 1), done: undefined }, about);
    expect(result.steps).toBe(2);
    expect(result.entries[0]?.runs[0]?.validation.loss).toBeNaN();
    expect(writeResult(join(folder, "partial"), result)).toHaveLength(5);
  });

  test("a folder with JSON lines, CSV, a report and the recipe, no half-written file left", () => {
    const path = join(folder, "deep", "a-race");
    writeResult(path, resultOf({ facts, points, done }, about));
    expect(readdirSync(path).sort()).toEqual(["curves.csv", "recipe.json", "report.html", "result.jsonl", "runs.csv"]);
    const [first = ""] = readFileSync(join(path, "result.jsonl"), "utf8").split("\n");
    expect(JSON.parse(first)).toMatchObject({
      schema: 1,
      name: "a race",
      recipeHash: "fedcba9876543210",
      seeds: [5, 7],
    });
    expect(JSON.parse(readFileSync(join(path, "recipe.json"), "utf8"))).toEqual({ seeds: [5, 7] });
    expect(readFileSync(join(path, "curves.csv"), "utf8").split("\n")).toHaveLength(1 + 12 + 1);
  });

  test("a place that cannot be written is named", () => {
    const result = resultOf({ facts, points, done }, about);
    expect(() => writeResult(join(root, "package.json", "x"), result)).toThrow(/package\.json.*cannot be written/);
  });

  test("names hold the local time", () => {
    expect(resultName("race", new Date(2026, 0, 2, 3, 4, 5))).toBe("race-20260102-030405");
  });

  test("outside a checkout the commit is unknown", () => {
    expect(commitOf(folder)).toBe("unknown");
  });
});

test("numbers that JSON has not cross to the page and back", () => {
  const value = { loss: [1, Number.NaN, Number.POSITIVE_INFINITY], deep: { x: Number.NEGATIVE_INFINITY } };
  expect(unpack(pack(value))).toEqual(value);
  const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => i % 251);
  expect(fromBase64(toBase64(bytes))).toEqual(bytes);
});
