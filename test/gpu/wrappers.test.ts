// Reductions, wrappers, views and parameter groups on the GPU: against their references, and run by run against themselves.
import { describe, expect, test } from "vitest";
import { lockstep } from "../../src/backend/lockstep.ts";
import type { Optimizer } from "../../src/optim/chain.ts";
import { evaluationPlan } from "../../src/train/evaluation.ts";
import { Population } from "../../src/train/population.ts";
import { load } from "../../src/train/load.ts";
import { type TrainOptions, train } from "../../src/train/train.ts";
import { everything } from "../harness/everything.ts";
import { wrapped } from "../harness/wrapped.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";
import { advance, bitsOfRun } from "./support/bits.ts";
import { tasks } from "./support/tasks.ts";

expectNoUncapturedErrors();

const STEPS = 7;
const all = Object.values(everything);
const names = Object.keys(everything);

const open = async (optimizers: readonly Optimizer[], fused = true): Promise<Population> =>
  Population.open(await sharedBackend(), tasks.tanh(), {
    batch: 16,
    steps: STEPS,
    fused,
    stepsPerSubmit: 4,
    runs: optimizers.map((optimizer) => ({ optimizer, init: 3, order: 4 })),
  });

/** After training: parameters and state, parameters as evaluated, loss and accuracy. */
async function outcomes(optimizers: readonly Optimizer[]): Promise<unknown[]> {
  const population = await open(optimizers);
  await advance(population, 0, STEPS);
  const evaluations = await population.evaluate("test");
  const result = [];
  for (const [run, evaluation] of evaluations.entries()) {
    const bits = await bitsOfRun(population, run);
    result.push({ bits, evaluation, evaluated: await population.evaluated(run) });
  }
  population.dispose();
  return result;
}

describe("each run of a race of all equals that run alone, bit for bit", async () => {
  const together = outcomes(all);
  test.each(names)("%s", async (name) => {
    const i = names.indexOf(name);
    expect(await outcomes([all[i] as Optimizer])).toEqual([(await together)[i]]);
  });
});

test("all of them, dispatch by dispatch, against the references", async () => {
  for (const fused of [true, false]) {
    const population = await open(all, fused);
    const { backend, storage, series, program: plan } = population;
    const program = await backend.program(plan, storage, series);
    const parts = { storage, series };
    for (const t of [0, 4]) {
      const { worst, dispatches } = await lockstep(program, parts, { t, count: 3 });
      expect(dispatches).toBeGreaterThan(3 * all.length);
      expect(worst).toBeLessThanOrEqual(1);
      await population.advance(t + 3, 1);
    }
    const views = await backend.program(
      evaluationPlan(population, "test", population.task.data.splits.test),
      storage,
      series,
    );
    expect((await lockstep(views, parts, { t: 0, count: 1 })).worst).toBeLessThanOrEqual(1);
    program.dispose();
    views.dispose();
    population.dispose();
  }
});

test("all of them go on from a snapshot in another population, bit for bit", async () => {
  const whole = await open(all);
  await advance(whole, 0, STEPS);
  const part = await open(all);
  await advance(part, 0, 3);
  const again = await open(all);
  again.restore(await part.snapshot(3));
  await advance(again, 3, STEPS);
  for (const [run, name] of names.entries()) {
    expect(await bitsOfRun(again, run), name).toBe(await bitsOfRun(whole, run));
    expect(await again.evaluated(run), name).toEqual(await whole.evaluated(run));
  }
  for (const population of [whole, part, again]) population.dispose();
});

describe("goes on from a checkpoint bit for bit", () => {
  const options = (optimizer: Optimizer): TrainOptions => ({
    ...tasks.tanh(),
    optimizer,
    batch: 16,
    steps: STEPS,
    seed: 5,
  });

  test.each(["novograd", "prodigy", "averaged lookahead", "sam", "groups", "schedule-free adamw", "noise in a group"])(
    "%s",
    async (name) => {
      const given = options(wrapped[name] as Optimizer);
      const whole = train(await sharedBackend(), given);
      await whole.finish();
      const want = await whole.save();
      const part = train(await sharedBackend(), given);
      part.pause();
      for (let i = 0; i < 3; i++) await part.single();
      const again = load(await sharedBackend(), await part.save(), { data: given.data });
      await again.finish();
      expect(await again.save()).toEqual(want);
      expect(await again.parameters()).toEqual(await whole.parameters());
      for (const run of [whole, part, again]) await run.close();
    },
  );
});
