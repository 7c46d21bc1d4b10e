import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Program } from "../../src/backend/backend.ts";
import { Disagreement, lockstep } from "../../src/backend/lockstep.ts";
import { hashParts } from "../../src/core/hash.ts";
import { checkAliases, checkOverwrites } from "../../src/scheduler/check.ts";
import type { Dispatch } from "../../src/scheduler/plan.ts";
import type { StepProgram } from "../../src/scheduler/program.ts";
import type { Series } from "../../src/scheduler/steps.ts";
import { Population } from "../../src/train/population.ts";
import { adam, chain, clipByGlobalNorm, cosine, descend, scaleByAdam, weightDecay } from "../../src/optim/index.ts";
import { summary } from "../harness/summary.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";
import { bitsOf, expectSameArithmetic } from "./support/bits.ts";
import { planMutants } from "./support/mutants.ts";
import { chains, runsOf, tasks } from "./support/tasks.ts";

expectNoUncapturedErrors();

const STEPS = 3;
/** The first chain with other numbers: every run's hyperparameters are its own. */
const steeper = chain(weightDecay(0.02), clipByGlobalNorm(0.2), scaleByAdam({ beta1: 0.8 }), descend(cosine(0.03, 40)));
let population: Population;
let unfused: Population;
let truth: { readonly fused: string; readonly unfused: string };

const open = async (fused: boolean): Promise<Population> =>
  Population.open(await sharedBackend(), tasks.residual(), {
    batch: 16,
    steps: 40,
    runs: runsOf([chains.cut, chains.adam, steeper]),
    stepsPerSubmit: STEPS,
    fused,
  });

/** The bits that a program leaves, and its metrics' sums, from the start. */
async function bitsAfter(of: Population, plan: StepProgram, series: Series = of.series): Promise<string> {
  of.reset();
  const program = await of.backend.program(plan, of.storage, series);
  const sums = await program.run(0, STEPS);
  const bits = await bitsOf(of);
  program.dispose();
  return hashParts([bits, sums]);
}

beforeAll(async () => {
  population = await open(true);
  unfused = await open(false);
  truth = {
    fused: await bitsAfter(population, population.program),
    unfused: await bitsAfter(unfused, unfused.program),
  };
});

afterAll(() => {
  population.dispose();
  unfused.dispose();
});

function failsChecks({ each, name }: StepProgram): boolean {
  try {
    for (const dispatch of each) checkAliases(dispatch);
    checkOverwrites({ name, buffers: [], dispatches: each }, new Set(["parameters"]));
    return false;
  } catch {
    return true;
  }
}

const caught = { checks: 0, bits: 0, lockstep: 0, all: 0 };
afterAll(() => {
  const { checks, bits, lockstep: named, all } = caught;
  summary(
    `plan mutants: ${all} of ${all} caught, ${checks} by the plan's checks, ${bits} by other bits, ${named} by lockstep`,
  );
});

it("fused and unfused plans agree to begin with", async () => {
  await expectSameArithmetic(population, truth.fused, truth.unfused);
  expect(failsChecks(population.program)).toBe(false);
});

describe.each(Object.entries(planMutants))("%s", (_, mutants) => {
  it.each([true, false])("is caught by the plan's checks or by bits, fused %s", async (fused) => {
    const of = fused ? population : unfused;
    const survivors: string[] = [];
    const planted = mutants(of.program);
    for (const { name, program } of planted) {
      if (failsChecks(program)) caught.checks++;
      else if ((await bitsAfter(of, program)) !== (fused ? truth.fused : truth.unfused)) caught.bits++;
      else survivors.push(name);
    }
    expect(survivors).toEqual([]);
    caught.all += planted.length;
  });
});

describe("one chain over all runs, its update in the stores of the gradients", () => {
  it.each(Object.entries(planMutants))("%s: caught by the plan's checks or by bits", async (_, mutants) => {
    const runs = runsOf([0.9, 0.5, 0.8].map((beta1) => adam({ lr: 0.02, beta1 })));
    const backend = await sharedBackend();
    const tuning = { ...backend.tuning, updateInGradient: 2 ** 20 };
    const of = await Population.open(backend, tasks.relu(), {
      batch: 16,
      steps: 40,
      runs,
      stepsPerSubmit: STEPS,
      tuning,
    });
    expect(of.program.each.some(({ kernel }) => kernel === "update")).toBe(false);
    const right = await bitsAfter(of, of.program);
    const survivors: string[] = [];
    const planted = mutants(of.program);
    for (const { name, program } of planted) {
      if (failsChecks(program)) caught.checks++;
      else if ((await bitsAfter(of, program)) !== right) caught.bits++;
      else survivors.push(name);
    }
    expect(survivors).toEqual([]);
    caught.all += planted.length;
    of.dispose();
  });
});

/** The GPU plays `plan` and `series`, the references the population's own. */
async function played(plan: StepProgram, series?: Series): Promise<Disagreement | undefined> {
  population.reset();
  const { backend, storage, program } = population;
  const made = await backend.program(plan, storage, series ?? population.series);
  const liar = new Proxy(made, {
    get(of, key: keyof Program) {
      if (key === "program") return program;
      const value = of[key];
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
  try {
    await lockstep(liar, population, { t: 4, count: 2 });
    return undefined;
  } catch (error) {
    if (error instanceof Disagreement) return error;
    throw error;
  } finally {
    made.dispose();
  }
}

async function namedByLockstep(dispatch: string, plan: StepProgram, series?: Series): Promise<void> {
  const found = await played(plan, series);
  expect(found?.message).toMatch(/^lockstep: .* \(dispatch \d+ of \d+, step \d+\) \w[\w.]* run \d/);
  expect(found?.dispatch).toBe(dispatch);
  caught.lockstep++;
  caught.all++;
}

const changed = (at: number, change: (dispatch: Dispatch) => Dispatch): StepProgram => {
  const { each } = population.program;
  return { ...population.program, each: each.with(at, change(each[at] as Dispatch)) };
};

describe("lockstep names the first dispatch that differs from its reference", () => {
  it("agrees with the plan as it is", async () => {
    expect(await played(population.program)).toBeUndefined();
  });

  it("a schedule off by one step", async () => {
    const { series } = population;
    const late: Series = { ...series, at: series.at.map((at) => (t: number) => at(t + 1)) };
    await namedByLockstep("update: clipByGlobalNorm > adam > descend", population.program, late);
  });

  it("a matmul one product short", async () => {
    const at = population.program.each.findIndex(({ sizes }) => (sizes.k ?? 0) > 1);
    const short = changed(at, (dispatch) => ({
      ...dispatch,
      sizes: { ...dispatch.sizes, k: (dispatch.sizes.k as number) - 1 },
    }));
    await namedByLockstep(population.program.each[at]?.name as string, short);
  });

  it("two dispatches swapped", async () => {
    const { each } = population.program;
    const swapped = each.with(2, each[3] as Dispatch).with(3, each[2] as Dispatch);
    await namedByLockstep(each[2]?.name as string, { ...population.program, each: swapped });
  });

  it("a run left out of a dispatch", async () => {
    const at = population.program.each.findIndex(({ runs }) => runs.count === 3);
    const fewer = changed(at, (dispatch) => ({ ...dispatch, runs: { ...dispatch.runs, count: 2 } }));
    await namedByLockstep(population.program.each[at]?.name as string, fewer);
  });

  it("a result that runs over its end", async () => {
    // The first layer's gradient is the last one made: the rows beyond it hold the later layers' by then.
    const at = population.program.each.findLastIndex(
      ({ kernel, bindings }) => kernel.startsWith("matmul_") && bindings.y?.buffer === "gradients",
    );
    const long = changed(at, (dispatch) => ({
      ...dispatch,
      sizes: { ...dispatch.sizes, m: (dispatch.sizes.m as number) + 64 },
    }));
    await namedByLockstep(population.program.each[at]?.name as string, long);
  });
});
