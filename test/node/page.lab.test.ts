// The Race and Landscapes views without a browser: addresses, standings, functions of the plane, contours.
import { describe, expect, test } from "vitest";
import type { Point } from "../../src/cli/job.ts";
import { optimizerNames } from "../../src/cli/optimizers.ts";
import { openBackend, replay } from "../../src/index.ts";
import { levelsOf } from "../../src/page/landscape/contours.ts";
import { type Landscape, landscapeNames, landscapes, noisy } from "../../src/page/landscape/functions.ts";
import * as landscape from "../../src/page/landscape/settings.ts";
import { trailsCsv } from "../../src/page/landscape/trails.ts";
import { chartOf, looksOf } from "../../src/page/race/chart.ts";
import * as race from "../../src/page/race/settings.ts";
import { curveOf, reachedOf, usualTarget } from "../../src/page/race/standings.ts";

describe("a race's address", () => {
  test("is empty for the defaults and holds all that is not", () => {
    expect(race.writeRace(race.defaults("spirals"))).toBe("");
    const query =
      "v=1&data=moons&optimizers=sgd+0.1+0.5,+adam&schedule=cosine&hidden=linear+8,+relu&seeds=7&steps=90&batch=16";
    const { settings, notes } = race.readRace(query);
    expect(notes).toEqual([]);
    expect(settings.racers).toEqual([
      { name: "sgd", rates: [0.1, 0.5] },
      { name: "adam", rates: [0.003, 0.01, 0.03] },
    ]);
    expect(race.runsOf(settings)).toBe(35);
    expect(race.writeRace(settings)).toBe(query);
  });

  test("holds an optimizer's options, and its job has them", async () => {
    const query =
      "v=1&data=moons&optimizers=adamw+weightDecay+0.1,+adamw+0.02+beta2+0.99,+sgd+0.1+momentum+0.5+nesterov+true";
    const { settings, notes } = race.readRace(query);
    expect(notes).toEqual([]);
    expect(settings.racers).toEqual([
      { name: "adamw", rates: [0.003, 0.01, 0.03], options: { weightDecay: 0.1 } },
      { name: "adamw", rates: [0.02], options: { beta2: 0.99 } },
      { name: "sgd", rates: [0.1], options: { momentum: 0.5, nesterov: true } },
    ]);
    expect(race.writeRace(settings)).toBe(query);
    const { entries } = await race.raceJob(settings);
    expect(entries.map(({ name }) => name).slice(2)).toEqual([
      ...["adamw weightDecay 0.1 lr 0.03", "adamw beta2 0.99 lr 0.02", "sgd momentum 0.5 nesterov true lr 0.1"],
    ]);
    expect(entries[3]?.optimizer).toEqual({ name: "adamw", lr: 0.02, options: { beta2: 0.99 }, schedule: "constant" });
    expect(race.readRacer("adamw", "0.01, 0.03 weightDecay 0.1")).toEqual({
      ...{ name: "adamw", rates: [0.01, 0.03], options: { weightDecay: 0.1 } },
    });
    expect(race.writeRates(race.readRacer("adamw", "0.01; 0.03 weightDecay 0.1"))).toBe("0.01 0.03 weightDecay 0.1");
  });

  test.each([
    ["", "there are none, expected at least one learning rate"],
    ["much", '"much" has no value'],
    ["0.1 wieghtDecay 0.1", 'did you mean "weightDecay"?'],
    ["0.1 weightDecay much", "weightDecay"],
    ["lr 0.1", "learning rates stand without a name; write adamw 0.1"],
    ["0.1 (sgd)", "takes no brackets"],
    ["0", "Learning rate: expected a number"],
  ])("rates and options %o of adamw are refused in words", (text, message) => {
    expect(() => race.readRacer("adamw", text)).toThrow(message);
  });

  test("comes back for every optimizer and data set", () => {
    for (const name of optimizerNames) {
      const settings = { ...race.defaults("xor"), racers: [{ name, rates: [1e-7, 0.25] }] };
      expect(race.readRace(race.writeRace(settings)), name).toEqual({ settings, notes: [] });
    }
    for (const data of race.dataNames) {
      expect(race.readRace(race.writeRace(race.defaults(data)))).toEqual({ settings: race.defaults(data), notes: [] });
    }
  });

  test("is read field by field: what it cannot mean becomes the default and is told", () => {
    const { settings, notes } = race.readRace(
      "v=2&data=rocks&optimizers=adm&seeds=1e9&hidden=linear+4000&sead=3&__proto__=1",
    );
    expect(settings).toEqual(race.defaults("spirals"));
    expect(notes).toHaveLength(5);
    expect(notes[1]).toBe('data "rocks" is unknown, spirals is used');
    expect(notes[2]).toContain('"adm" is not known; did you mean "adam"?; the usual is used');
    expect(notes.join()).toContain("wider than 1,024");
    expect(notes.join()).toContain("Seeds: expected a whole number from 1 to 50");
    expect(race.readRace("seds=3").notes).toEqual(['"seds" is no setting (meant: seeds?)']);
  });

  test("makes the command's job, or says why not", async () => {
    const job = await race.raceJob(race.defaults("spirals"));
    expect(job.entries.map(({ name }) => name).slice(0, 4)).toEqual(["sgd 0.1", "sgd 0.3", "sgd 1", "momentum 0.03"]);
    expect(job).toMatchObject({ kind: "race", seeds: [1, 2, 3, 4, 5], loss: { kind: "crossEntropy" }, batch: 32 });
    expect(job.model.at(-1)).toEqual({ kind: "linear", width: 2 });
    expect((await race.raceJob(race.defaults("sine"))).loss).toEqual({ kind: "meanSquaredError" });
    const bad = (part: Partial<race.RaceSettings>) => race.raceJob({ ...race.defaults("moons"), ...part });
    await expect(
      bad({
        racers: [
          { name: "sgd", rates: [0.1] },
          { name: "sgd", rates: [0.1] },
        ],
      }),
    ).rejects.toThrow("sgd 0.1 comes twice");
    await expect(bad({ racers: [] })).rejects.toThrow("no optimizers");
    await expect(bad({ batch: 4000 })).rejects.toThrow("there are 800 training rows");
    const many = Array.from({ length: 5 }, (_, i) => ({
      name: ["sgd", "adam", "lion", "yogi", "adan"][i] as string,
      rates: [1, 2, 3, 4, 5],
    }));
    await expect(bad({ racers: many, seeds: 50 })).rejects.toThrow("1250 runs, expected at most 1000");
    expect(() => race.readRates("0.1 0.1")).toThrow("one comes twice");
    expect(() => race.readRates("much")).toThrow("Learning rate: expected a number");
  });
});

describe("a race's standings", () => {
  const facts = {
    entries: [
      { name: "sgd 0.1", optimizer: "sgd lr 0.1", lr: 0.1 },
      { name: "sgd 0.5", optimizer: "sgd lr 0.5", lr: 0.5 },
      { name: "adam", optimizer: "adam lr 0.01", lr: 0.01 },
    ],
    seeds: [1, 2, 3],
    lossName: "cross entropy",
  } as unknown as Parameters<typeof chartOf>[0];
  const nan = Number.NaN;
  const points: Point[] = [
    { step: 10, loss: [1, 1, 1, 1, 1, 1, 1, 1, 1] },
    { step: 20, loss: [0.8, 0.5, 0.9, 0.4, nan, nan, 0.2, 0.3, 0.1] },
    { step: 30, loss: [0.4, 0.3, 0.6, 0.4, nan, nan, 0.1, 0.2, 0.05] },
  ];

  test("medians and bands over seeds; diverged runs are the worst there are, never dropped", () => {
    expect(curveOf(points, 0, 3)).toEqual({ middle: [1, 0.8, 0.4], low: [1, 0.5, 0.3], high: [1, 0.9, 0.6] });
    expect(curveOf(points, 1, 3)).toEqual({ middle: [1, null, null], low: [1, 0.4, 0.4], high: [1, null, null] });
    const many: Point[] = [{ step: 1, loss: [1, 2, 4, 8, 16, 32, 64, 128, 256] }];
    const { low, high } = curveOf(many, 0, 9);
    expect([low, high]).toEqual([[4], [64]]);
  });

  test("steps to a target are medians with misses as infinity", () => {
    expect(reachedOf(points, 0, { seeds: 3, target: 0.5 })).toEqual({ steps: 30, runs: 2 });
    expect(reachedOf(points, 1, { seeds: 3, target: 0.5 })).toEqual({ steps: undefined, runs: 1 });
    expect(reachedOf(points, 2, { seeds: 3, target: 0.2 })).toEqual({ steps: 20, runs: 3 });
    // Medians at the end: 0.4, diverged, 0.1; their geometric middle is 0.2.
    expect(usualTarget(points, facts)).toBe(0.2);
    expect(usualTarget([], facts)).toBe(0);
  });

  test("the chart has a line and a band an entry, a mark where one diverged, one colour a family", () => {
    const chart = chartOf(facts, points, { log: true, steps: 30 });
    expect(chart.series.filter(({ behind }) => !behind).map(({ label }) => label)).toEqual([
      "sgd 0.1",
      "sgd 0.5",
      "adam",
    ]);
    expect(chart.data).toHaveLength(1 + 9);
    expect(chart.data[1]).toEqual([1, 0.8, 0.4]);
    expect(chart.bands?.map(({ between }) => between)).toEqual([
      [1, 2],
      [4, 5],
      [7, 8],
    ]);
    expect(chart.marks).toEqual([{ x: 20, label: "sgd 0.5 diverged" }]);
    expect(chart.sentence).toBe(
      "Median training loss after 30 steps, best first: adam 0.1000, sgd 0.1 0.4000 and sgd 0.5 diverged.",
    );
    const [a, b, c] = looksOf(facts.entries);
    expect(a?.colour).toBe(b?.colour);
    expect(a?.dash).not.toEqual(b?.dash);
    expect(a?.colour).not.toBe(c?.colour);
    const one = chartOf({ ...facts, seeds: [1] }, [{ step: 1, loss: [1, 2, 3] }], { log: false, steps: 1 });
    expect(one.series).toHaveLength(3);
  });
});

describe("landscapes", () => {
  test.each(landscapeNames)("%s: the gradient is the value's slope, 0 at the minimum", (name) => {
    const of: Landscape = landscapes[name];
    const { value, gradient, minimum, view } = of;
    const [left, right, bottom, top] = view;
    for (let i = 0; i < 40; i++) {
      const [x, y] = [left + ((i * 0.377) % 1) * (right - left), bottom + ((i * 0.619) % 1) * (top - bottom)];
      const [dx, dy] = gradient(x, y);
      // Central differences: their error is h^2 / 6 of a third derivative, which stays under 2e7 in these views, and rounding.
      const h = 1e-5;
      const allowed = (h * h * 2e7) / 6 + (4 * 2 ** -53 * Math.abs(value(x, y)) + 1e-13) / h;
      expect(Math.abs((value(x + h, y) - value(x - h, y)) / (2 * h) - dx)).toBeLessThan(allowed);
      expect(Math.abs((value(x, y + h) - value(x, y - h)) / (2 * h) - dy)).toBeLessThan(allowed);
      if (minimum) expect(value(x, y)).toBeGreaterThanOrEqual(minimum.value);
    }
    if (!minimum) return;
    expect(value(...minimum.at)).toBeCloseTo(minimum.value, 12);
    for (const slope of gradient(...minimum.at)) expect(Math.abs(slope)).toBeLessThan(1e-12);
  });

  test("noise is the same for every optimizer at a step, of mean 0 and the deviation asked for", () => {
    const of = noisy("ravine", 2, 7);
    expect(of(1, 1, 3)).toEqual(of(1, 1, 3));
    expect(noisy("ravine", 2, 8)(1, 1, 3)).not.toEqual(of(1, 1, 3));
    const n = 4000;
    const drawn = Array.from({ length: n }, (_, t) => of(0, 0, t)).flat();
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
    const deviation = Math.sqrt(drawn.reduce((sum, x) => sum + x * x, 0) / drawn.length);
    // Five standard errors: 2 / sqrt(8000), and 2 / sqrt(16000) for the deviation.
    expect(Math.abs(mean)).toBeLessThan((5 * 2) / Math.sqrt(2 * n));
    expect(Math.abs(deviation - 2)).toBeLessThan((5 * 2) / Math.sqrt(4 * n));
    expect(noisy("ravine", 0, 1)(1, 1, 0)).toEqual([1, 50]);
  });

  test.each(landscapeNames)("%s: contours lie on their level", (name) => {
    const of: Landscape = landscapes[name];
    const [left, right, bottom, top] = of.view;
    const levels = levelsOf(name);
    expect(levels).toHaveLength(16);
    for (const { value: level, rings } of levels) {
      const inside = rings.flat().filter(([x, y]) => x > 0.01 && x < 0.99 && y > 0.01 && y < 0.99);
      for (const [x, y] of inside.filter((_, i) => i % 17 === 0)) {
        const [px, py] = [left + x * (right - left), top - y * (top - bottom)];
        // Within the values of the grid cell around it: straight lines are drawn through cells.
        const cell = 1.5 / 160;
        const around = [-1, 0, 1].flatMap((i) =>
          [-1, 0, 1].map((j) => of.value(px + i * cell * (right - left), py + j * cell * (top - bottom))),
        );
        const [low, high] = [Math.min(...around, of.minimum?.value ?? Infinity), Math.max(...around)];
        expect(level).toBeGreaterThanOrEqual(Math.min(low, ...around));
        expect(level).toBeLessThanOrEqual(high);
      }
    }
  });

  test("the usual rates bring every usual optimizer lower than its start, and none of them diverges", async () => {
    const cpu = await openBackend("cpu");
    for (const name of landscapeNames) {
      const of: Landscape = landscapes[name];
      const { optimizers, start, steps } = landscape.trailJob(landscape.defaults(name));
      const gradients = ([x = 0, y = 0]: readonly number[]) => of.gradient(x, y);
      const all = await replay(cpu, optimizers, { start: [...start], gradients, steps });
      all.forEach(({ positions }, i) => {
        const [x = 0, y = 0] = positions.at(-1) ?? [];
        const walker = landscape.defaults(name).walkers[i]?.name;
        expect(of.value(x, y), `${name} ${walker}`).toBeLessThan(of.value(...start));
      });
    }
  });

  test("addresses: empty for the defaults, round trip, told where they cannot be", () => {
    for (const name of landscapeNames) {
      const usual = landscape.defaults(name);
      expect(landscape.readLandscape(landscape.writeLandscape(usual))).toEqual({ settings: usual, notes: [] });
    }
    expect(landscape.writeLandscape(landscape.defaults("rosenbrock"))).toBe("");
    const query = "v=1&f=beale&optimizers=sgd+0.002,+lion&start=-2,3.5&noise=0.5&seed=9&steps=50";
    const { settings, notes } = landscape.readLandscape(query);
    expect(notes).toEqual([]);
    expect(landscape.writeLandscape(settings)).toBe(query);
    const odd = landscape.readLandscape("f=hill&start=99,99&optimizers=sgd+0&noise=-1&stepz=1");
    expect(odd.settings).toEqual(landscape.defaults("rosenbrock"));
    expect(odd.notes).toHaveLength(5);
    expect(() => landscape.readStart("ravine", "1")).toThrow("expected x from -5 to 5");
  });

  test("trails as CSV: a row for each optimizer and step", () => {
    const settings = { ...landscape.defaults("ravine"), walkers: [{ name: "sgd", lr: 0.1 }] };
    const trail = { positions: Float32Array.of(1, 2, 0.5, 1), values: Float32Array.of(4, 1) };
    expect(trailsCsv(settings, [trail])).toBe("optimizer,lr,step,x,y,value\nsgd,0.1,0,1,2,4\nsgd,0.1,1,0.5,1,1\n");
  });
});
