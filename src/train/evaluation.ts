// From a program's sums, by step and run as they lie, to losses and accuracies of the caller's runs: of a step, of a split.
import type { Program } from "../backend/backend.ts";
import type { StepProgram } from "../scheduler/program.ts";
import type { Evaluation, StepMetrics } from "./spec.ts";

/** Of the step that is number `index` in its submit; place[i] is where run i of the caller lies. */
export function stepMetrics(
  sums: Float32Array,
  at: {
    readonly index: number;
    readonly step: number;
    readonly program: StepProgram;
    readonly place: readonly number[];
  },
): StepMetrics {
  const { index, step, program, place } = at;
  const stride = program.metrics?.stride as number;
  const mean = (run: number, kind: number): number =>
    (sums[(index * place.length + (place[run] as number)) * stride + kind] as number) / program.batch;
  return {
    step,
    loss: Float64Array.from(place, (_, run) => mean(run, 0)),
    accuracy: Float64Array.from(place, (_, run) => mean(run, 1)),
  };
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
