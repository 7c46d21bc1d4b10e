// What a population is asked for, checked, and its training as a step program.
import { gradient } from "../autodiff.ts";
import type { Backend } from "../backend/backend.ts";
import { checkInteger, fail } from "../core/check.ts";
import type { Node } from "../graph/node.ts";
import { metricsOf } from "../ops/loss.ts";
import { type Arenas, gradientHome } from "../scheduler/arenas.ts";
import { type SplitSums, type StepProgram, stepProgram } from "../scheduler/program.ts";
import { NUMERIC_CLASSES, type NumericClass } from "../scheduler/plan.ts";
import type { Laid } from "./layout.ts";
import type { PopulationOptions } from "./spec.ts";
import { dataBuffers, type Task, type TaskGraph } from "./task.ts";

/** Throws for a batch, a number of steps or a seed that cannot be. */
export function checkOptions(
  { data }: Task,
  { batch, steps, runs, stepsPerSubmit = 16, order }: PopulationOptions,
): void {
  checkInteger("train", "batch", batch, { min: 1 });
  checkInteger("train", "steps", steps, { min: 1 });
  checkInteger("train", "stepsPerSubmit", stepsPerSubmit, { min: 1 });
  if (runs.length === 0) fail("train", "no runs, expected at least one", "give an optimizer");
  for (const { init, order: seed } of runs) {
    checkInteger("train", "seed", init, { min: 0, max: 2 ** 32 - 1 });
    checkInteger("train", "data seed", seed, { min: 0, max: 2 ** 32 - 1 });
  }
  const { count } = data.splits.train;
  if (order === "sequential" && steps * batch > count) {
    const rows = `${steps} steps of ${batch} rows in sequence, ${data.name} has ${count} training rows`;
    fail("train", rows, 'use fewer steps, or the order "permutation"');
  }
  if (batch > count && order !== "replacement") {
    fail(
      "train",
      `batch ${batch} is larger than the ${count} training rows of ${data.name}`,
      `use a batch of at most ${count}`,
    );
  }
}

/** What makes the sums of a numeric class, loaded where it is asked for; undefined leaves them whole. */
export async function splitOf(numericClass: NumericClass = "sequential"): Promise<SplitSums | undefined> {
  if (!NUMERIC_CLASSES.includes(numericClass))
    fail("train", `numericClass ${String(numericClass)}`, `expected one of ${NUMERIC_CLASSES.join(", ")}`);
  return numericClass === "split-k" ? (await import("../scheduler/split.ts")).splitWork : undefined;
}

/** The step program that trains every run of a population. */
export function trainProgram(made: {
  backend: Backend;
  task: Task;
  options: PopulationOptions;
  graph: TaskGraph;
  arenas: Arenas;
  laid: Laid;
  split: SplitSums | undefined;
}): StepProgram {
  const { backend, task, options, graph, arenas: of, laid } = made;
  const nodes = graph.model.parameters.map(({ node }) => node);
  const gradients = gradient(graph.loss, nodes);
  const { train } = task.data.splits;
  return stepProgram({
    name: "train",
    arenas: of,
    roots: gradients.map((node, i) => ({ node, home: gradientHome(of, nodes[i] as Node) })),
    homes: graph.homes,
    buffers: dataBuffers(task.data),
    metrics: metricsOf(graph.loss),
    update: laid.groups,
    planner: laid.planner,
    rowsNode: graph.rows,
    rows: { first: train.start, count: train.count },
    order: options.order ?? "permutation",
    orders: laid.orders.length,
    batch: options.batch,
    stepsPerSubmit: options.stepsPerSubmit ?? 16,
    tuning: options.tuning ?? backend.tuning,
    fused: options.fused ?? true,
    split: made.split,
  });
}
