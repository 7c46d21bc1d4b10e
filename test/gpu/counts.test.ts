import { expect, it } from "vitest";
import { race } from "../../src/train/race.ts";
import { train } from "../../src/train/train.ts";
import { summary } from "../harness/summary.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";
import { type Counts, counting } from "./support/counting.ts";
import { chains, tasks } from "./support/tasks.ts";

expectNoUncapturedErrors();

const FIRST = 100;
const STEPS = 1000;

/** Counts over steps 100 to 1,100 as the metrics arrive; what is in flight at either end is what evens out. */
async function countSteps(steps: AsyncIterable<{ step: number }>): Promise<{ counts: Counts; from: Counts }> {
  let from: Counts | undefined;
  const { counts, result } = await counting(async (now) => {
    for await (const { step } of steps) {
      if (step === FIRST) from = { ...now };
      if (step === FIRST + STEPS) return { ...now };
    }
    throw new Error("the training ended early");
  });
  void counts;
  return { counts: result, from: from as Counts };
}

const difference = (to: Counts, from: Counts): Counts =>
  Object.fromEntries(
    Object.entries(to).map(([kind, n]) => [kind, n - from[kind as keyof Counts]]),
  ) as unknown as Counts;

/** "7 dispatches a step" of the plan's print-out. */
const dispatchesOf = (plan: string): number => Number(/(\d+) dispatches a step/.exec(plan)?.[1]);

function check(counts: Counts, eachStep: number): void {
  const { buffers, destroyed, bindGroups, pipelines, shaderModules, writes, submits, dispatches } = counts;
  expect({ buffers, destroyed, bindGroups, pipelines, shaderModules }).toEqual({
    buffers: 0,
    destroyed: 0,
    bindGroups: 0,
    pipelines: 0,
    shaderModules: 0,
  });
  expect(submits).toBeLessThanOrEqual(Math.ceil(STEPS / 16) + 1);
  expect(writes).toBeLessThanOrEqual(2 * submits);
  // Before the steps of a submit their rows, their batches and their labels or targets, after them the metrics' sums.
  const whole = submits * 16;
  expect(dispatches).toBe(whole * eachStep + 4 * submits);
}

it("a training makes nothing while it steps", async () => {
  const backend = await sharedBackend();
  const run = train(backend, {
    ...tasks.relu(),
    optimizer: chains.adamw,
    batch: 16,
    steps: FIRST + STEPS + 100,
    seed: 3,
    pace: "throughput",
  });
  const eachStep = dispatchesOf(await run.plan());
  const { counts, from } = await countSteps(run);
  check(difference(counts, from), eachStep);
  summary(
    `counts over ${STEPS} steps: 0 buffers, bind groups, pipelines and modules; ${eachStep} dispatches a step, 1/16 submit`,
  );
  await run.close();
});

it("nor does a race of three chains", async () => {
  const backend = await sharedBackend();
  const { momentum, adam, adamw } = chains;
  const heat = race(backend, {
    ...tasks.tanh(),
    entries: { momentum, adam, adamw },
    batch: 16,
    steps: FIRST + STEPS + 100,
    seeds: [1, 2],
    pace: "throughput",
  });
  const { program } = await heat.population();
  const { counts, from } = await countSteps(heat);
  check(difference(counts, from), program.each.length);
  await heat.close();
});

it("a snapshot makes no buffer after the first", async () => {
  const backend = await sharedBackend();
  const run = train(backend, { ...tasks.tanh(), optimizer: chains.adam, batch: 16, steps: 200 });
  const iterator = run[Symbol.asyncIterator]();
  await iterator.next();
  const { counts } = await counting(async () => {
    await run.save();
    await iterator.next();
    await run.save();
  });
  expect({ buffers: counts.buffers, destroyed: counts.destroyed, bindGroups: counts.bindGroups }).toEqual({
    buffers: 0,
    destroyed: 0,
    bindGroups: 0,
  });
  await iterator.return?.(undefined);
  await run.close();
});

it("closing frees every buffer that was made", async () => {
  const backend = await sharedBackend();
  const { counts } = await counting(async () => {
    const run = train(backend, { ...tasks.relu(), optimizer: chains.adam, batch: 16, steps: 40 });
    await run.finish();
    await run.evaluate("test");
    await run.predict(new Uint8Array(21));
    await run.save();
    await run.close();
    const heat = race(backend, {
      ...tasks.tanh(),
      entries: { a: chains.adam, b: chains.sgd },
      batch: 16,
      steps: 40,
      seeds: [1],
    });
    await heat.finish();
    await heat.evaluate("validation");
    await heat.close();
    await new Promise((resolve) => setTimeout(resolve, 0));
  });
  expect(counts.buffers).toBeGreaterThan(20);
  expect(counts.destroyed).toBe(counts.buffers);
});
