// How things are timed: at least so long, with one sync at the end, after a warm-up that finds how many steps that takes.
import { type Effort, type Rounds, roundsOf } from "../result.ts";

/** What one stretch of steps took: milliseconds until the GPU was done, and those inside the calls. */
export interface Stretch {
  readonly steps: number;
  readonly millis: number;
  readonly hostMillis: number;
}

/** Runs this many steps and resolves, once the GPU has done them, with the milliseconds spent inside the calls. */
export type RunSteps = (steps: number) => Promise<number>;

export async function stretch(run: RunSteps, steps: number): Promise<Stretch> {
  const start = performance.now();
  const hostMillis = await run(steps);
  return { steps, millis: performance.now() - start, hostMillis };
}

/** How many steps take `seconds`: doubled from one until a quarter of it is reached. Also the warm-up. */
export async function calibrate(run: RunSteps, seconds: number): Promise<number> {
  await run(1);
  for (let steps = 1; ; steps *= 2) {
    const { millis } = await stretch(run, steps);
    if (millis < 250 * seconds) continue;
    return Math.max(1, Math.ceil((1000 * seconds * steps) / millis));
  }
}

export interface Timed {
  readonly stepsPerSecond: Rounds;
  readonly hostMicros: Rounds;
}

const timed = (all: readonly Stretch[]): Timed => ({
  stepsPerSecond: roundsOf(all.map(({ steps, millis }) => (1000 * steps) / millis)),
  hostMicros: roundsOf(all.map(({ steps, hostMillis }) => (1000 * hostMillis) / steps)),
});

/** Rounds of several contenders, interleaved: each round times every one of them, starting with the next one each time. */
export async function interleave(runs: readonly RunSteps[], { rounds, seconds }: Effort): Promise<Timed[]> {
  const steps: number[] = [];
  for (const run of runs) steps.push(await calibrate(run, seconds));
  const all = runs.map((): Stretch[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < runs.length; k++) {
      const i = (round + k) % runs.length;
      const once = await stretch(runs[i] as RunSteps, steps[i] as number);
      all[i]?.push(once);
      // A round cut short by a slow calibration is lengthened for the next time.
      if (once.millis < 1000 * seconds) steps[i] = Math.ceil((steps[i] as number) * Math.min(4, (1100 * seconds) / once.millis));
    }
  }
  return all.map(timed);
}

export const alone = async (run: RunSteps, effort: Effort): Promise<Timed> => (await interleave([run], effort))[0] as Timed;
