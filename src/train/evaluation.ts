// An evaluation program run over a whole split: its sums by step and run as loss and accuracy by run.
import type { Program } from "../backend/backend.ts";
import type { Evaluation } from "./spec.ts";

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
