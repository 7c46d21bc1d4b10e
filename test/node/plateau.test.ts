// A schedule that follows the losses, in training: the same steps whatever the submits, repeatable, saved with the rest.
import { describe, expect, it } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import { blobs } from "../../src/data/index.ts";
import { crossEntropy, linear } from "../../src/nn/index.ts";
import {
  type Hyper,
  linearDecay,
  plateau,
  productSchedule,
  sequentialSchedule,
  sgd,
  warmup,
} from "../../src/optim/index.ts";
import { load } from "../../src/train/load.ts";
import { race } from "../../src/train/race.ts";
import { Population, type StepMetrics } from "../../src/train/population.ts";
import { train } from "../../src/train/train.ts";

const STEPS = 60;
const task = { data: blobs({ count: 60, seed: 5 }), model: [linear(3)], loss: crossEntropy() };
// Too large a rate on noisy batches: it falls several times.
const rate = plateau(3, { factor: 0.5, patience: 0, every: 5, delay: 4 });

const options = (lr: Hyper, stepsPerSubmit = 16) => ({
  ...task,
  optimizer: sgd({ lr, momentum: 0.9 }),
  batch: 4,
  steps: STEPS,
  stepsPerSubmit,
});

async function losses(lr: Hyper, stepsPerSubmit?: number): Promise<number[]> {
  const run = train(openCpu(), options(lr, stepsPerSubmit));
  const all: number[] = [];
  for await (const { loss } of run) all.push(loss);
  await run.close();
  return all;
}

/** The value at each step by its definition, from all losses. */
function rateBy(history: readonly number[]): number[] {
  const rates = history.map(() => 3);
  let best = Number.POSITIVE_INFINITY;
  for (let end = 5; end <= STEPS; end += 5) {
    const mean = history.slice(end - 5, end).reduce((sum, loss) => sum + loss, 0) / 5;
    if (mean < best * (1 - 1e-4)) best = mean;
    else for (let t = end + 4; t < STEPS; t++) rates[t] = (rates[t] as number) * 0.5;
  }
  return rates;
}

describe("a plateau", () => {
  it("is the training with its values as a function of the step, and they are what its losses say", async () => {
    const followed = await losses(rate);
    const rates = rateBy(followed);
    expect(new Set(rates).size).toBeGreaterThan(3);
    expect(await losses((t) => rates[t] as number)).toEqual(followed);
  });

  it("does not depend on how many steps a submit has", async () => {
    const one = await losses(rate, 1);
    for (const stepsPerSubmit of [3, 16, 60]) expect(await losses(rate, stepsPerSubmit)).toEqual(one);
  });

  it("goes on from a checkpoint bit for bit", async () => {
    const whole = await losses(rate);
    const first = train(openCpu(), options(rate, 7));
    const before: number[] = [];
    for await (const { step, loss } of first) {
      before.push(loss);
      if (step === 32) break;
    }
    const bytes = await first.save();
    await first.close();
    const rest = load(openCpu(), bytes, { data: task.data });
    const after: number[] = [];
    for await (const { loss } of rest) after.push(loss);
    await rest.close();
    const from = STEPS - after.length;
    expect(from).toBeGreaterThanOrEqual(33);
    expect([...whole.slice(0, before.length), ...after]).toEqual([...before, ...whole.slice(from)]);
  });

  it("is every run's own in a race", async () => {
    const entries = { low: sgd({ lr: plateau(0.01, { every: 5 }) }), high: options(rate).optimizer };
    const heat = race(openCpu(), { ...task, entries, seeds: [0, 3], batch: 4, steps: STEPS });
    const high: number[] = [];
    for await (const { loss } of heat) high.push(loss[1]?.[0] as number);
    await heat.close();
    expect(high).toEqual(await losses(rate));
  });

  it("begins anew when the population does", async () => {
    const { optimizer } = options(rate);
    const population = await Population.open(openCpu(), task, {
      batch: 4,
      steps: STEPS,
      runs: [{ optimizer, init: 0, order: 0 }],
      stepsPerSubmit: 9,
    });
    const play = async (): Promise<number[]> => {
      const all: StepMetrics[] = [];
      for (let t = 0; t < 48; t += 3) all.push(...(await population.advance(t, 3)));
      return all.map(({ loss }) => loss[0] as number);
    };
    const first = await play();
    population.reset();
    expect(await play()).toEqual(first);
    await expect(population.advance(48, 9)).rejects.toThrow("train: steps to 57, its schedules are settled to 54");
    population.dispose();
  });

  it("cannot begin late, but may be one factor of several", async () => {
    expect(() => warmup(rate, 5)).toThrow("warmup: plateau counts from step 0; multiply it: productSchedule");
    expect(() => sequentialSchedule([1, rate], [5])).toThrow("sequentialSchedule: plateau counts from step 0");
    const both = productSchedule(rate, linearDecay(1, STEPS));
    const followed = await losses(both);
    const rates = rateBy(followed).map((value, t) => value * (1 - t / STEPS));
    // A product's shape is rounded to f32 once: multiplied as it is there.
    const again = await losses((t) => 3 * Math.fround((rates[t] as number) / 3));
    followed.forEach((loss, t) => void expect(again[t]).toBeCloseTo(loss, 5));
  });
});
