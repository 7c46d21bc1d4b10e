// --schedule: every schedule of the library by name, its words, and what is told where they are wrong.
import { describe, expect, test } from "vitest";
import { readSchedule, scheduleNames } from "../../src/cli/schedules.ts";
import { jobOf } from "../../src/cli/settings.ts";
import * as o from "../../src/optim/index.ts";

const lr = 0.5;
const STEPS = 100;

const words: Readonly<Record<string, o.Schedule>> = {
  constant: o.constantSchedule(lr),
  "linearDecay to 0.1": o.linearDecay(lr, STEPS, { to: 0.1 }),
  linear: o.linearDecay(lr, STEPS),
  "linearSchedule startFactor 0.2 steps 10": o.linearSchedule(lr, 10, { startFactor: 0.2 }),
  "polynomialDecay power 2 steps 50": o.polynomialDecay(lr, 50, { power: 2 }),
  rex: o.rex(lr, STEPS),
  cosine: o.cosine(lr, STEPS),
  "cosine to 1e-3 bounce true steps 40": o.cosine(lr, 40, { to: 1e-3, bounce: true }),
  "cosineRestarts period 20 mult 2": o.cosineRestarts(lr, 20, { mult: 2 }),
  "stepDecay every 30 gamma 0.5": o.stepDecay(lr, 30, { gamma: 0.5 }),
  "multiStepDecay 20 70": o.multiStepDecay(lr, [20, 70]),
  "constantFactor steps 5 factor 0.1": o.constantFactor(lr, 5, { factor: 0.1 }),
  "exponentialDecay gamma 0.97 every 2 staircase true": o.exponentialDecay(lr, 0.97, { every: 2, staircase: true }),
  "inverseTime rate 0.1": o.inverseTime(lr, 0.1),
  "inverseSqrt warmup 20": o.inverseSqrt(lr, 20),
  "noam width 64 warmup 10": o.noam(lr, 64, 10),
  "oneCycle anneal linear steps optax": o.oneCycle(lr, STEPS, { anneal: "linear", steps: "optax" }),
  "cyclic base 0.1 up 10 mode triangular2": o.cyclic(0.1, lr, { up: 10, mode: "triangular2" }),
  "piecewise 0 0.1 20 1 90 0 anneal cosine": o.piecewise(lr, [0, 20, 90], [0.1, 1, 0], { anneal: "cosine" }),
  "warmup 20 (cosine)": o.warmup(o.cosine(lr, 80), 20),
  "warmup 5 from 0.1 (constant)": o.warmup(o.constantSchedule(lr), 5, { from: 0.1 }),
  "wsd warmup 10 decay 30 form sqrt": o.wsd(lr, STEPS, { warmup: 10, decay: 30, form: "sqrt" }),
  "sequentialSchedule 30 70 (cosine, constant, linear)": o.sequentialSchedule(
    [o.cosine(lr, 30), o.constantSchedule(lr), o.linearDecay(lr, 30)],
    [30, 70],
  ),
  "productSchedule (linearSchedule steps 5, exponentialDecay gamma 0.9)": o.productSchedule(
    o.linearSchedule(lr, 5),
    o.exponentialDecay(1, 0.9),
  ),
  "chebyshev smallest 1 largest 25 steps 32": { ...o.chebyshev(1, 25, 32), value: lr },
  "plateau factor 0.5 patience 2 every 4 delay 1": o.plateau(lr, { factor: 0.5, patience: 2, every: 4, delay: 1 }),
};

describe("--schedule", () => {
  test.each(Object.entries(words))("%s", (text, want) => expect(readSchedule(text, lr, STEPS)).toEqual(want));

  test("knows every kind there is, and every function that makes one of a learning rate", () => {
    const kinds = new Set(Object.keys(words).map((text) => readSchedule(text, lr, STEPS).kind));
    // What a function of the step becomes, which no words are.
    expect([...o.schedules.keys()].filter((kind) => !kinds.has(kind))).toEqual(["sampled"]);
    const makers = Object.entries(o).flatMap(([name, made]) =>
      typeof made === "function" &&
      /Schedule|Decay|Factor|^(cosine|cyclic|oneCycle|rex|wsd|noam|warmup|plateau|piecewise|chebyshev|inverse)/.test(
        name,
      )
        ? [name]
        : [],
    );
    const others = [
      "constantSchedule",
      "defineSchedule",
      "oneCycleMomentum",
      "cautiousDecay",
      "decayMatrices",
      "matrixDecay",
      "proximalDecay",
      "weightDecay",
    ];
    expect(makers.filter((name) => !scheduleNames.includes(name) && !others.includes(name))).toEqual([]);
  });

  test.each([
    ["cosin", '--schedule: "cosin" is not known; did you mean "cosine"?'],
    ["expontential gamma 0.9", 'did you mean "exponential"?'],
    ["zigzag", '"zigzag" is not known; known are constant, linearDecay'],
    ["cosine too 0.1", 'cosine: unknown option "too"; did you mean "to"?'],
    ["cosine 0.1", "--schedule: cosine: 0.1 has no name; write cosine to X"],
    ["stepDecay", "--schedule: stepDecay has no every; write stepDecay every N gamma X"],
    ["cosine (linear)", "--schedule: cosine takes no brackets"],
    ["warmup 5", "--schedule: warmup takes schedules in brackets; write warmup N from X (schedule)"],
    ["warmup (cosine)", "--schedule: warmup has no number of steps"],
    ["warmup 5 (zigzag)", '"zigzag" is not known'],
    ["wsd warmup 60 decay 60", "wsd: warmup 60 and decay 60 of 100 steps"],
    ["cosine, linear", '--schedule: "cosine, linear" is several, expected one'],
    ["cosine to", '--schedule: cosine: "to" has no value'],
  ])("%s is told", (text, message) => expect(() => readSchedule(text, lr, STEPS)).toThrow(message));

  test("is checked before anything is started, for the steps there will be", async () => {
    const flags = { data: "xor", optimizer: "adam", steps: 50 };
    await expect(jobOf("train", { ...flags, schedule: "cosin" })).rejects.toThrow('did you mean "cosine"?');
    await expect(jobOf("train", { ...flags, schedule: "wsd warmup 60" })).rejects.toThrow("of 50 steps");
    const { entries } = await jobOf("train", {
      data: "xor",
      optimizer: "adam",
      epochs: 2,
      schedule: "warmup 60 (cosine)",
    });
    expect(entries[0]?.optimizer).toMatchObject({ name: "adam", schedule: "warmup 60 (cosine)" });
  });
});
