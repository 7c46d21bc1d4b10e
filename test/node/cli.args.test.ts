import { describe, expect, test } from "vitest";
import { noPositionals, readFlags, written } from "../../src/cli/args.ts";
import { raceFlags, trainFlags } from "../../src/cli/flags.ts";
import { help, SCREEN, verbs } from "../../src/cli/help.ts";
import { questionOf } from "../../src/cli/validate.ts";

const race = (...argv: string[]) => readFlags("race", argv, raceFlags);
const train = (...argv: string[]) => readFlags("train", argv, trainFlags);

describe("flags", () => {
  test("values by kind, the last of two counts", () => {
    expect(race("--lr", "0.01, 3e-2", "--seeds=1,2", "--batch", "64", "--json", "--batch=8").values).toEqual({
      lr: [0.01, 0.03],
      seeds: [1, 2],
      batch: 8,
      json: true,
    });
    expect(train("--lr", "0.1", "--size", "14").values).toEqual({ lr: 0.1, size: "14" });
  });

  test("a misspelt flag gets the nearest one", () => {
    expect(() => race("--optimisers", "sgd")).toThrow("--optimisers: is no flag of race; did you mean --optimizers?");
    expect(() => train("--bacth=4")).toThrow("did you mean --batch?");
    expect(() => train("--xyzzy")).toThrow("--xyzzy: is no flag of train; fall-line train --help lists what it takes");
    expect(() => train("-x")).toThrow("-x");
  });

  test("a misspelt value gets the nearest one", () => {
    expect(() => race("--backend", "webgl")).toThrow('--backend: "webgl" is not known; did you mean "webgpu"?');
    expect(() => race("--size", "100")).toThrow('--size: "100" is not known; expected 14 or 28');
  });

  test("numbers that are none, and values that are missing", () => {
    expect(() => race("--batch", "many")).toThrow('--batch: is "many", expected a whole number from 1');
    expect(() => race("--steps", "1.5")).toThrow("expected a whole number from 1");
    expect(() => race("--lr", "0.1,,0.2")).toThrow('--lr: is "", expected a number above 0');
    expect(() => train("--lr", "-1")).toThrow("expected a number above 0");
    expect(() => race("--lr")).toThrow("--lr: has no value, expected LIST");
    expect(() => race("--data", "--json")).toThrow("--data: has no value, expected SET");
    expect(() => race("--json=yes")).toThrow("--json: takes no value");
    expect(() => train("--seed", "-1")).toThrow("expected a whole number from 0");
  });

  test("positional arguments are an error where none are taken", () => {
    expect(() => noPositionals("race", race("digits"))).toThrow('race: found "digits", expected flags only');
    expect(race("--help").values).toEqual({ help: true });
  });
});

describe("help", () => {
  test.each([undefined, ...Object.keys(verbs)])("of %s fits a screen", (verb) => {
    const lines = help(verb).trimEnd().split("\n");
    // A line is left for the prompt.
    expect(lines.length).toBeLessThan(SCREEN.lines);
    expect(lines.filter((line) => line.length > SCREEN.columns)).toEqual([]);
    for (const flag of verb === undefined ? [] : (verbs[verb]?.flags ?? []))
      expect(help(verb)).toMatch(new RegExp(`(^| )${written(flag)} `, "m"));
  });
});

test("validate tells kernels from modules, and a module must exist", () => {
  expect(questionOf(["matmul_4x4", "./package.json.ts/../package.json"]).kernels).toEqual(["matmul_4x4"]);
  expect(questionOf(["test/node/cli.args.test.ts"]).modules[0]?.url).toMatch(/^\/@fs\/.*cli\.args\.test\.ts$/);
  expect(() => questionOf(["./nothing.ts"])).toThrow("validate: there is no file ./nothing.ts");
});
