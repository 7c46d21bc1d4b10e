// Evaluation over a split, loaded when first asked for: its program, and from the program's sums to what is told of each run.
import type { Program } from "../backend/backend.ts";
import type { Split, SplitName } from "../data/split.ts";
import { lossKindOf } from "../nn/losses.ts";
import { metricsOf } from "../ops/loss.ts";
import { regressionMetrics, sharesOf } from "../ops/regression_metrics.ts";
import { type StepProgram, stepProgram } from "../scheduler/program.ts";
import type { Population } from "./population.ts";
import type { Evaluation } from "./spec.ts";
import { dataBuffers, hasLabels, type Task, taskGraph } from "./task.ts";

/** Rows evaluated in one step. */
const BATCH = 256;

/** Whether outputs are compared with targets number by number, and there are no hits. */
const isRegression = ({ data, loss }: Task): boolean => !hasLabels(data) && !lossKindOf(loss).accuracy;

/** The targets of some rows. */
const targetsOf = ({ data: { y, outputs } }: Task, { start, count }: Split): ArrayLike<number> =>
  y.subarray(start * outputs, (start + count) * outputs);

/** The program that sums losses and hits over rows of the data, in steps of up to 256 of them. */
export function evaluationPlan(population: Population, split: SplitName, rows: Split): StepProgram {
  const { task, options, backend, orders, viewed } = population;
  const batch = Math.min(BATCH, rows.count);
  const graph = taskGraph(task, batch, rows);
  const shares = isRegression(task) ? sharesOf(targetsOf(task, rows), task.data.outputs) : undefined;
  return stepProgram({
    ...population.views(graph.model.parameters),
    homes: graph.homes,
    buffers: dataBuffers(task.data),
    rowsNode: graph.rows,
    orders,
    batch,
    tuning: options.tuning ?? backend.tuning,
    fused: options.fused ?? true,
    split: population.split,
    // Not "train" itself: programs of one population share their buffers by name.
    name: `evaluate ${split}${viewed ? " at the view" : ""}`,
    roots: [],
    metrics: metricsOf(graph.loss),
    more: shares && regressionMetrics(graph.model.output, graph.against, shares),
    rows: { first: rows.start, count: rows.count },
    order: "sequential",
    stepsPerSubmit: Math.min(64, Math.ceil(rows.count / batch)),
  });
}

const KINDS = [0, 1, 2, 3] as const;

/** What a run's sums come to over `rows` rows: their four kinds, of which a classifier has two. */
function evaluationOf(
  task: Task,
  [loss = 0, hits = 0, apart = 0, squares = 0]: readonly number[],
  rows: Split,
): Evaluation {
  const { count } = rows;
  const told = { loss: loss / count, accuracy: hits / count, count };
  if (!isRegression(task)) return told;
  const varied = sharesOf(targetsOf(task, rows), task.data.outputs).some((share) => share > 0);
  return { ...told, meanAbsoluteError: apart / count, r2: varied ? 1 - squares : Number.NaN };
}

/** What is told of every run over the rows of a split; place[i] is where run i of the caller lies. */
export async function evaluateWith(
  program: Program,
  { task, rows: split, place }: { task: Task; rows: Split; place: readonly number[] },
): Promise<Evaluation[]> {
  const { batch, stepsPerSubmit, metrics } = program.program;
  const rows = split.count;
  const totals = place.map(() => [0, 0, 0, 0]);
  const steps = Math.ceil(rows / batch);
  for (let t = 0; t < steps; t += stepsPerSubmit) {
    const count = Math.min(stepsPerSubmit, steps - t);
    const sums = await program.run(t, count);
    for (let i = 0; i < count * place.length; i++) {
      const total = totals[i % place.length] as number[];
      for (const kind of KINDS)
        total[kind] = (total[kind] as number) + (sums[i * (metrics?.stride as number) + kind] as number);
    }
  }
  return place.map((at) => evaluationOf(task, totals[at] as number[], split));
}
