import { describe, expect, it } from "vitest";
import { pinned } from "../../src/scheduler/pinned.ts";
import { GPU } from "../../src/scheduler/gpu.ts";
import type { Tuning } from "../../src/scheduler/tuning.ts";
import { Population } from "../../src/train/population.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";
import { advance, bitsOfRun } from "./support/bits.ts";
import { chains, runsOf, tasks } from "./support/tasks.ts";

expectNoUncapturedErrors();

const STEPS = 50;
const RUNS = 7;
const runs = runsOf([chains.momentum, chains.adam, chains.adamw], RUNS);

async function bitsOfRuns(name: keyof typeof tasks, which: readonly number[], tuning?: Tuning): Promise<string[]> {
  const population = await Population.open(await sharedBackend(), tasks[name](), {
    batch: 16,
    steps: STEPS,
    runs: which.map((run) => runs[run]!),
    ...(tuning ? { tuning } : {}),
  });
  await advance(population, 0, STEPS);
  const bits: string[] = [];
  for (const i of which.keys()) bits.push(await bitsOfRun(population, i));
  population.dispose();
  return bits;
}

const all = Array.from({ length: RUNS }, (_, run) => run);

describe.each(["tanh", "relu", "residual", "dropout", "norm", "soft"] as const)("%s", (name) => {
  it("seven runs of three chains: each equals that run alone, bit for bit", async () => {
    const together = await bitsOfRuns(name, all);
    expect(new Set(together).size).toBe(RUNS);
    for (const run of all) expect(await bitsOfRuns(name, [run]), `run ${run}`).toEqual([together[run]]);
  });

  it("a run's place among the others changes nothing", async () => {
    const together = await bitsOfRuns(name, all);
    const others = [5, 0, 6, 3];
    expect(await bitsOfRuns(name, others)).toEqual(others.map((run) => together[run]));
  });

  it.each([pinned("16x8", 8), pinned("4x4"), GPU])("alone with other tiles ($name)", async (tuning) => {
    const together = await bitsOfRuns(name, all);
    // Params where this adapter has them: it may contract constants of a text in another way than a uniform's (bits.test.ts).
    const { baked } = (await sharedBackend()).tuning;
    const other = { ...tuning, baked };
    for (const run of [1, 5, 6]) expect(await bitsOfRuns(name, [run], other), `run ${run}`).toEqual([together[run]]);
  });
});
