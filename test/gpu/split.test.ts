// The numeric class split-k: long sums in parts. Within its bounds, the same bits whatever the plan, and other bits than sequential.
import { describe, expect, it } from "vitest";
import { lockstep } from "../../src/backend/lockstep.ts";
import { crossEntropy, linear, relu } from "../../src/nn/index.ts";
import { pinned } from "../../src/scheduler/pinned.ts";
import { Population, type PopulationOptions } from "../../src/train/population.ts";
import { predictionPlan } from "../../src/train/predict.ts";
import type { Task } from "../../src/train/task.ts";
import { fingerprint } from "../../src/validate/probe.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";
import { advance, bitsOfRun } from "./support/bits.ts";
import { chains, glyphs, runsOf } from "./support/tasks.ts";

expectNoUncapturedErrors();

/** k = 520 forward (5 parts of 104) and 512 in the first weight gradient (8 of 64). */
const task: Task = {
  data: glyphs({ count: 640, features: 520, classes: 3 }),
  model: [linear(9), relu(), linear(3)],
  loss: crossEntropy(),
};

const open = async (options: Partial<PopulationOptions> = {}): Promise<Population> =>
  Population.open(await sharedBackend(), task, {
    batch: 512,
    steps: 12,
    runs: runsOf([chains.adam]),
    stepsPerSubmit: 2,
    numericClass: "split-k",
    ...options,
  });

async function trained(options: Partial<PopulationOptions> = {}): Promise<string> {
  const population = await open(options);
  await advance(population, 0, 4);
  const bits = await bitsOfRun(population, 0);
  population.dispose();
  return bits;
}

describe("split-k", () => {
  it.each([true, false])("every dispatch lies within its bound, fused %s", async (fused) => {
    const population = await open({ fused, runs: runsOf([chains.adam], 2) });
    const { backend, storage, series } = population;
    const { rounding } = await fingerprint(await sharedBackend());
    for (const plan of [population.program, predictionPlan(population)]) {
      expect(plan.numericClass).toBe("split-k");
      expect(plan.each.some(({ slices }) => slices > 1)).toBe(true);
      const program = await backend.program(plan, storage, series);
      const { worst } = await lockstep(program, { storage, series }, { t: 0, count: 1, rounding });
      expect(worst).toBeLessThanOrEqual(1);
      program.dispose();
    }
    population.dispose();
  });

  it("fused, unfused, on other tiles and beside other runs: the same bits", async () => {
    const bits = await trained();
    expect(await trained({ fused: false })).toBe(bits);
    expect(await trained({ tuning: pinned("16x8") })).toBe(bits);
    expect(await trained({ tuning: pinned("shared") })).toBe(bits);
    const three = await open({ runs: runsOf([chains.adam], 3) });
    await advance(three, 0, 4);
    expect(await bitsOfRun(three, 0)).toBe(bits);
    three.dispose();
  });

  it("other bits than sequential sums", async () => {
    expect(await trained({ numericClass: "sequential" })).not.toBe(await trained());
  });
});
