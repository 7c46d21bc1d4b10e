import { afterAll, describe, expect, it } from "vitest";
import { lockstep, type LockstepResult } from "../../src/backend/lockstep.ts";
import type { Order } from "../../src/ops/batch.ts";
import { tiles } from "../../src/ops/matmul.ts";
import type { Optimizer } from "../../src/optim/chain.ts";
import type { StepProgram } from "../../src/scheduler/program.ts";
import { pinned } from "../../src/scheduler/pinned.ts";
import type { Tuning } from "../../src/scheduler/tuning.ts";
import { evaluationPlan } from "../../src/train/evaluation.ts";
import { Population } from "../../src/train/population.ts";
import { predictionPlan } from "../../src/train/predict.ts";
import { summary } from "../harness/summary.ts";
import { fingerprint } from "../../src/validate/probe.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";
import { chains, runsOf, tasks } from "./support/tasks.ts";

expectNoUncapturedErrors();

interface Case {
  readonly task: keyof typeof tasks;
  readonly optimizers: readonly Optimizer[];
  readonly runs?: number;
  readonly order?: Order;
  readonly tuning?: Tuning;
  readonly batch?: number;
}

const cases: Record<string, Case> = {
  "relu on bytes, sgd, gather in the matmul": {
    task: "relu",
    optimizers: [chains.sgd],
    tuning: pinned("16x4", 8),
    batch: 13,
  },
  "relu on bytes, three chains, seven runs": {
    task: "relu",
    optimizers: [chains.momentum, chains.adam, chains.adamw],
    runs: 7,
    tuning: pinned("16x16"),
  },
  "tanh, adam, with replacement": {
    task: "tanh",
    optimizers: [chains.adam],
    order: "replacement",
    tuning: pinned("start", 8),
  },
  "tanh, nesterov, rows as they lie": {
    task: "tanh",
    optimizers: [chains.nesterov],
    order: "sequential",
    tuning: pinned("16x8", 0, 2 ** 20),
  },
  "relu on bytes, four results a thread": { task: "relu", optimizers: [chains.adam], tuning: pinned("shared_1x4", 8) },
  "residual, 64 results a thread": { task: "residual", optimizers: [chains.adam], tuning: pinned("shared_8x8") },
  "gelu and residual, clipped, cut chain": { task: "residual", optimizers: [chains.cut, chains.adamw], runs: 3 },
  "sigmoid, regression of two outputs": { task: "sigmoid", optimizers: [chains.adam, chains.sgd], runs: 3, batch: 9 },
  "dropout, runs of two seeds": { task: "dropout", optimizers: [chains.adam, chains.momentum], runs: 4 },
  "dropout after small tiles, gather apart": {
    ...{ task: "dropout", optimizers: [chains.sgd], tuning: pinned("4x4", 0), batch: 9 },
  },
  "layer norm and dropout in a residual": { task: "norm", optimizers: [chains.adamw, chains.sgd], runs: 3, batch: 13 },
  "smoothed labels, weighted classes and rows": { task: "soft", optimizers: [chains.adam], runs: 3, batch: 13 },
  "odds, weighted rows": { task: "odds", optimizers: [chains.sgd], runs: 2, batch: 9 },
  "huber's loss": { task: "huber", optimizers: [chains.adam], batch: 7 },
  "absolute errors, weighted rows, as they lie": {
    ...{ task: "absolute", optimizers: [chains.momentum], order: "sequential", batch: 11 },
  },
  "every other activation": { task: "activations", optimizers: [chains.momentum] },
  "relu, three runs of one chain, updates in the gradients' stores on shared tiles": {
    ...{ task: "relu", optimizers: [chains.adam], runs: 3, tuning: pinned("shared", 0, 2 ** 20) },
  },
  "tanh, regression of one output, shared tiles": {
    task: "sine",
    optimizers: [chains.momentum],
    tuning: pinned("shared", 8),
  },
};

const compared: LockstepResult[] = [];
const played = new Set<string>();
afterAll(() => {
  const dispatches = compared.reduce((sum, result) => sum + result.dispatches, 0);
  const worst = Math.max(...compared.map((result) => result.worst));
  const plans = `${dispatches} dispatches of ${compared.length} plans compared, fused and unfused`;
  summary(`lockstep: ${plans}, worst ${(Math.floor(1000 * worst) / 10).toFixed(1)} % of the bound`);
});

async function walk(
  population: Population,
  plan: StepProgram,
  submits: readonly (readonly [t: number, count: number])[],
) {
  const { backend, storage, series } = population;
  const program = await backend.program(plan, storage, series);
  for (const { kernel, parts = [] } of [...plan.before, ...plan.each, ...plan.after]) {
    for (const name of [kernel, ...parts.map((part) => part.kernel)]) played.add(name);
  }
  const { rounding } = await fingerprint(await sharedBackend());
  for (const [t, count] of submits) compared.push(await lockstep(program, { storage, series }, { t, count, rounding }));
  program.dispose();
}

async function open({ task, optimizers, runs, order, tuning, batch = 16 }: Case, fused: boolean): Promise<Population> {
  return Population.open(await sharedBackend(), tasks[task](), {
    batch,
    // In sequence there are no more than the rows give; the steps walked beyond them have no valid row.
    steps: order === "sequential" ? 6 : 40,
    runs: runsOf(optimizers, runs),
    stepsPerSubmit: 3,
    fused,
    ...(order ? { order } : {}),
    ...(tuning ? { tuning } : {}),
  });
}

describe.each(Object.entries(cases))("%s", (_, options) => {
  it.each([true, false])("every dispatch lies within its bound, fused %s", async (fused) => {
    const population = await open(options, fused);
    await walk(population, population.program, [[0, 3]]);
    await population.advance(3, 3);
    // The last step of an epoch and the first of the next.
    const epoch = Math.floor(population.program.rows.count / population.program.batch);
    await walk(population, population.program, [[Math.max(6, epoch - 1), 2]]);
    const { splits } = population.task.data;
    const evaluation = evaluationPlan(population, "train", splits.train);
    await walk(population, evaluation, [[0, evaluation.stepsPerSubmit]]);
    const prediction = predictionPlan(population);
    await walk(population, prediction, [[0, 1]]);
    population.dispose();
  });
});

it("plays every tile, all losses, both ways into a batch, and both sides of a submit", () => {
  const others = [
    "batch_rows",
    "batch_sums",
    "gather",
    "take",
    "map",
    "zip",
    "update",
    "block_sums",
    "segment_sums",
    "softmax",
    "layer_norm",
    "layer_norm_back",
    "layer_norm_sums",
  ];
  const losses = ["cross_entropy", "soft_cross_entropy", "target_loss", "row_weights", "regression_metrics"];
  const wanted = [...Object.keys(tiles).map((tile) => `matmul_${tile}`), ...losses, ...others];
  expect(wanted.filter((kernel) => !played.has(kernel))).toEqual([]);
});

it("compares numbers, not nothing", () => {
  expect(Math.min(...compared.map(({ elements }) => elements))).toBeGreaterThan(100);
  expect(Math.max(...compared.map(({ worst }) => worst))).toBeLessThanOrEqual(1);
});
