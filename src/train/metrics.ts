// From a program's sums, by step and run as they lie, to a step's losses and accuracies of the caller's runs.
import type { StepProgram } from "../scheduler/program.ts";
import type { StepMetrics } from "./spec.ts";

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
