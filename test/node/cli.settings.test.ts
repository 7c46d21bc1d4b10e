import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { raceFlags, trainFlags } from "../../src/cli/flags.ts";
import type { Facts } from "../../src/cli/job.ts";
import { recipeOf } from "../../src/cli/outcome.ts";
import { differs, jobOf, readConfig } from "../../src/cli/settings.ts";

const folder = mkdtempSync(join(tmpdir(), "fall-line-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file with this text. */
function file(text: string): string {
  const path = join(folder, "recipe.json");
  writeFileSync(path, text);
  return path;
}

const facts = { steps: 216, recipeHash: "00ff", data: { hash: "0abc" } } as Facts;

describe("jobs", () => {
  test("a race without flags: four optimizers, three rates each, three seeds, digits", async () => {
    const job = await jobOf("race", {});
    expect(job.entries).toHaveLength(12);
    expect(job).toMatchObject({ data: { name: "digits" }, seeds: [1, 2, 3], batch: 128, epochs: 4, test: true });
    expect(job.loss).toEqual({ kind: "crossEntropy" });
  });

  test("rates for all, rates of one's own, options", async () => {
    const { entries } = await jobOf("race", {
      data: "xor",
      optimizers: "sgd, adamw lr 0.5 weightDecay 0",
      lr: [0.1, 0.2],
    });
    expect(entries.map(({ name }) => name)).toEqual(["sgd 0.1", "sgd 0.2", "adamw weightDecay 0 lr 0.5"]);
  });

  test("data decide the model's width and the loss", async () => {
    const sine = await jobOf("train", { data: "sine" });
    expect(sine.model.at(-1)).toEqual({ kind: "linear", width: 1 });
    expect(sine.loss).toEqual({ kind: "meanSquaredError" });
    const spirals = await jobOf("train", { data: "spirals classes 3 count 300" });
    expect(spirals.data).toEqual({ name: "spirals", options: { classes: 3, count: 300 } });
    expect(spirals.model.at(-1)).toEqual({ kind: "linear", width: 3 });
    expect((await jobOf("train", { size: "14" })).data.options).toEqual({ size: 14 });
  });

  test.each([
    ["huber delta 0.5", "sine", { kind: "huber", delta: 0.5 }],
    ["binaryCrossEntropy posWeight 3", "sine", { kind: "binaryCrossEntropy", posWeight: 3 }],
    ["binaryCrossEntropy posWeight 3 1", "sine", { kind: "binaryCrossEntropy", posWeight: [3, 1] }],
    ["crossEntropy labelSmoothing 0.1", "moons", { kind: "crossEntropy", labelSmoothing: 0.1 }],
    [
      "crossEntropy classWeights 1 2 labelSmoothing 0.1",
      "moons",
      { kind: "crossEntropy", classWeights: [1, 2], labelSmoothing: 0.1 },
    ],
  ])("the loss %s has its options", async (loss, data, spec) => {
    expect((await jobOf("train", { data, loss })).loss).toEqual(spec);
  });

  test.each([
    ["crossEntropi", '--loss: "crossEntropi" is no loss; did you mean "crossEntropy"?'],
    ["huber 2", "--loss: huber: 2 has no name; write huber and an option's name before it"],
    ["huber dleta 2", 'did you mean "delta"?'],
    ["huber delta 0", "delta"],
    ["crossEntropy labelSmoothing 2", "labelSmoothing"],
    ["crossEntropy, huber", "is not one loss"],
  ])("the loss %s is an error in words", async (loss, message) => {
    await expect(jobOf("train", { data: "moons", loss })).rejects.toThrow(message);
  });

  test.each(["train", "race"] as const)(
    "every field of a recipe of %s is a flag, or one that its flags make",
    async (verb) => {
      const given = {
        order: "replacement",
        numericClass: "split-k",
        ...(verb === "train" ? { dataSeed: 2, validateEvery: 5 } : {}),
      };
      const job = await jobOf(verb, given);
      expect(job).toMatchObject({ numericClass: "split-k" });
      const fields = Object.keys(recipeOf(job, facts) as object);
      const flags = (verb === "train" ? trainFlags : raceFlags).map(({ name }) => name);
      const made = ["command", "entries", "recipeHash", "dataHash", ...(verb === "train" ? ["seeds"] : [])];
      expect(fields.filter((field) => !flags.includes(field) && !made.includes(field))).toEqual([]);
      const again = readConfig(
        file(JSON.stringify(recipeOf(job, facts))),
        verb,
        verb === "train" ? trainFlags : raceFlags,
      );
      expect(await jobOf(verb, {}, again)).toMatchObject({ order: "replacement", numericClass: "split-k" });
    },
  );

  test.each([
    [{ data: "digist" }, 'data: "digist" is not known; did you mean "digits"?'],
    [{ data: "xor", size: "14" }, "--size: is for digits, the data are xor"],
    [{ data: "spirals clases 3" }, 'did you mean "classes"?'],
    [{ data: "digits noise 1" }, 'unknown option "noise"'],
    [{ data: "xor, sine" }, "names several sets, expected one"],
    [{ steps: 5, epochs: 1 }, "--steps: and --epochs are both given"],
    [{ optimizer: "sgd, adam" }, "names 2 optimizers, expected one"],
    [{ data: "xor", batch: 5000 }, "--batch: is 5000, there are 800 training rows"],
    [{ model: "linear 0, relu" }, "width"],
    [{ optimizer: "sgd momentum 0.9 nestrov true" }, 'did you mean "nesterov"?'],
  ])("%o is an error in words", async (flags, message) => {
    await expect(jobOf("train", flags)).rejects.toThrow(message);
  });
});

describe("recipes", () => {
  test("how rows are drawn, sums taken and what is validated are fields as well", async () => {
    const drawn = { order: "sequential", numericClass: "split-k", dataSeed: 0 };
    const flags = { data: "xor", ...drawn, validateEvery: 5, keepBest: true, steps: 9 };
    const job = await jobOf("train", flags);
    expect(job).toMatchObject({ ...drawn, validation: { every: 5, keepBest: true } });
    const path = file(JSON.stringify(recipeOf(job, { ...facts, steps: 9 })));
    expect(await jobOf("train", {}, readConfig(path, "train", trainFlags))).toEqual(job);
  });

  test("a result's recipe makes its job again", async () => {
    const flags = {
      data: "digits",
      size: "14",
      optimizers: "momentum, adam",
      schedule: "cosine",
      model: "linear 8, tanh, linear 10",
    };
    const job = await jobOf("race", flags);
    const path = file(JSON.stringify(recipeOf(job, facts)));
    const { epochs: _, ...again } = job;
    expect(await jobOf("race", {}, readConfig(path, "race", raceFlags))).toEqual({ ...again, steps: 216 });
  });

  test("flags count more than the config; a new lr makes new entries", async () => {
    const path = file('{"data":"xor","batch":8,"optimizers":"sgd","lr":[0.5],"steps":7}');
    const config = readConfig(path, "race", raceFlags);
    const job = await jobOf("race", { lr: [0.25], epochs: 2 }, config);
    expect(job).toMatchObject({ data: { name: "xor" }, batch: 8, epochs: 2 });
    expect(job.steps).toBeUndefined();
    expect(job.entries.map(({ name }) => name)).toEqual(["sgd 0.25"]);
  });

  test.each([
    ["{", "cannot be read"],
    ["[]", "is no JSON object"],
    ['{"bacth":3}', 'did you mean "batch"?'],
    ['{"batch":"x"}', 'batch: is "x", expected a whole number from 1'],
    ['{"command":"race"}', "is a recipe of race; run fall-line race"],
  ])("%s is an error in words", (text, message) => {
    expect(() => readConfig(file(text), "train", trainFlags)).toThrow(message);
  });

  test("a rerun that is not the same says so", () => {
    expect(differs({ recipeHash: "1" }, { recipeHash: "1" })).toBeUndefined();
    expect(differs({}, { recipeHash: "1" })).toBeUndefined();
    expect(differs({ recipeHash: "2" }, { recipeHash: "1" })).toContain("hash 1, there 2");
  });
});
