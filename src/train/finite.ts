// What ends a training whose numbers are no longer finite: found in losses, at its end and before a snapshot is kept.
import { CLEAR } from "./fill.ts";
import type { Snapshot, StepMetrics } from "./population.ts";
import type { Runner } from "./runner.ts";

/** Ends the training at its first bad step, with the dispatch that an unfused replay from the last snapshot finds. */
async function endAt(runner: Runner, step: number): Promise<never> {
  const from = runner.lastSnapshot;
  const { firstBadDispatch, NonFinite } = await import("./diagnose.ts");
  throw new NonFinite(
    step,
    from && from.step <= step ? await firstBadDispatch(runner.population, from, step) : undefined,
  );
}

/** A loss that is not finite, or at the last step anything latched on the way: a relu hides NaN from the loss. */
export async function watchFinite(runner: Runner, metrics: readonly StepMetrics[]): Promise<void> {
  const bad = metrics.find(({ loss }) => !Number.isFinite(loss[0]));
  const last = metrics[metrics.length - 1]?.step === runner.steps - 1;
  if (!bad && !last) return;
  const [latched] = await runner.population.firstBad();
  const step = Math.min(bad?.step ?? Number.POSITIVE_INFINITY, latched ?? Number.POSITIVE_INFINITY);
  if (Number.isFinite(step)) await endAt(runner, step);
}

/** A snapshot of numbers that are not finite must not take the place of a good one. */
export async function acceptFinite(runner: Runner, { latch: [step = CLEAR] }: Snapshot): Promise<void> {
  if (step !== CLEAR) await endAt(runner, step);
}
