import { describe, expect, it } from "vitest";
import {
  BATCH,
  mlpProblem,
  openProblem,
  type Outcome,
  play,
  type Problem,
  residualProblem,
  STEPS,
} from "../harness/golden.ts";
import { summary } from "../harness/summary.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";
import { Carried } from "./support/carried.ts";

expectNoUncapturedErrors();

/**
 * How far ten losses may lie from PyTorch's in f64, relative. PyTorch's own in f32 lie up to 1.2e-6 away (lossesFloat32), by
 * another order of the same sums; ten steps of rounding may differ by as much again in every step.
 */
const LOSSES = 1e-5;

const optimizersOf = ({ known }: Problem) => known.map((at) => at.optimizer());

async function outcomes(problem: Problem, fused: boolean): Promise<Outcome[]> {
  const population = await openProblem(await sharedBackend(), problem, optimizersOf(problem), { fused });
  try {
    return await play(population, problem);
  } finally {
    population.dispose();
  }
}

const apart = (got: readonly number[], want: readonly number[]): number =>
  Math.max(...want.map((value, i) => Math.abs((got[i] as number) - value) / Math.abs(value)));

describe.each([
  ["tanh, relu, cross-entropy", mlpProblem()],
  ["residual gelu, squared error", residualProblem()],
] as const)("%s", (name, problem) => {
  it.each([true, false])("ten losses of every optimizer agree with PyTorch in f64, fused %s", async (fused) => {
    const all = await outcomes(problem, fused);
    let worst = 0;
    problem.known.forEach(({ name: optimizer, want, lossesFloat32 }, run) => {
      const losses = all[run]?.losses as readonly number[];
      expect(losses).toHaveLength(STEPS);
      expect(apart(lossesFloat32, want.losses)).toBeLessThan(LOSSES / 5);
      expect(apart(losses, want.losses), optimizer).toBeLessThanOrEqual(LOSSES);
      worst = Math.max(worst, apart(losses, want.losses));
    });
    if (fused)
      summary(
        `golden: ${problem.known.length} trainings of PyTorch (${name}), losses within ${worst.toExponential(1)} relative`,
      );
  });

  it.each([true, false])(
    "loss and gradients of the first step lie within their derived bounds, fused %s",
    async (fused) => {
      const backend = await sharedBackend();
      // Gradients are looked at: they must be stored.
      const tuning = { ...backend.tuning, updateInGradient: 0 };
      const population = await openProblem(backend, problem, optimizersOf(problem), { fused, tuning });
      const { program, storage, series, arenas } = population;
      const bounds = new Carried();
      await bounds.load(storage, program);
      bounds.run(program, series, 0, 1);
      const [got, ...others] = await play(population, problem);
      const want = problem.known[0]?.want as Outcome;
      const lossBound = (bounds.errors((program.metrics as { buffer: string }).buffer)[0] as number) / BATCH;
      // The bound is a worst case of WGSL's accuracy table; it must stay far below any mistake in a term.
      expect(lossBound).toBeLessThan(1e-3 * (want.losses[0] as number));
      expect(Math.abs((got?.losses[0] as number) - (want.losses[0] as number))).toBeLessThanOrEqual(lossBound);
      const errors = bounds.errors("gradients");
      const place = population.placeOf(0) * arenas.size;
      for (const { name, offset, rows, cols, pitch } of arenas.segments) {
        const tensor = problem.names[name] as string;
        const [found, expected] = [got?.gradients[1][tensor], want.gradients[1][tensor]] as [number[], number[]];
        const scale = Math.max(...expected.map(Math.abs));
        for (let i = 0; i < rows * cols; i++) {
          // PyTorch's numbers are printed in full, its f64 rounding is far below.
          const bound = (errors[place + offset + Math.floor(i / cols) * pitch + (i % cols)] as number) + 1e-14 * scale;
          expect(Math.abs((found[i] as number) - (expected[i] as number)), `${tensor} [${i}]`).toBeLessThanOrEqual(
            bound,
          );
          expect(bound).toBeLessThan(1e-3 * scale);
        }
      }
      expect(others.every(({ losses }) => losses[0] === got?.losses[0])).toBe(true);
      population.dispose();
    },
  );
});
