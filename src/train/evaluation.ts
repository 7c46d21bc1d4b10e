// Evaluation over a split, loaded when first asked for: its program, and from the program's sums to losses and accuracies.
import type { Program } from "../backend/backend.ts";
import type { Split, SplitName } from "../data/split.ts";
import { metricsOf } from "../ops/loss.ts";
import { type StepProgram, stepProgram } from "../scheduler/program.ts";
import type { Population } from "./population.ts";
import type { Evaluation } from "./spec.ts";
import { dataBuffers, taskGraph } from "./task.ts";

/** Rows evaluated in one step. */
const BATCH = 256;

/** The program that sums losses and hits over rows of the data, in steps of up to 256 of them. */
export function evaluationPlan(population: Population, split: SplitName, rows: Split): StepProgram {
  const { task, options, backend, orders, viewed } = population;
  const batch = Math.min(BATCH, rows.count);
  const graph = taskGraph(task, batch, rows);
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
    rows: { first: rows.start, count: rows.count },
    order: "sequential",
    stepsPerSubmit: Math.min(64, Math.ceil(rows.count / batch)),
  });
}

/** Loss and accuracy over `rows` rows; place[i] is where run i of the caller lies. */
export async function evaluateWith(program: Program, rows: number, place: readonly number[]): Promise<Evaluation[]> {
  const { batch, stepsPerSubmit, metrics } = program.program;
  const totals = place.map(() => [0, 0]);
  const steps = Math.ceil(rows / batch);
  for (let t = 0; t < steps; t += stepsPerSubmit) {
    const count = Math.min(stepsPerSubmit, steps - t);
    const sums = await program.run(t, count);
    for (let i = 0; i < count * place.length; i++) {
      const total = totals[i % place.length] as number[];
      for (const kind of [0, 1])
        total[kind] = (total[kind] as number) + (sums[i * (metrics?.stride as number) + kind] as number);
    }
  }
  return place.map((at) => {
    const [loss = 0, hits = 0] = totals[at] as number[];
    return { loss: loss / rows, accuracy: hits / rows, count: rows };
  });
}
