// How things are timed: at least so long, with one sync at the end, after a warm-up that finds how many steps that takes.
import { type Effort, type Rounds, roundsOf } from "../result.ts";

/** What one stretch of steps took until the GPU was done, and of that the page's thread inside a call, a step. */
export interface Stretch {
  readonly steps: number;
  readonly millis: number;
  readonly hostMicros: number;
}

/** Runs this many steps; resolves, once the GPU has done them, with each call's microseconds on the page's thread, a step. */
export type RunSteps = (steps: number) => Promise<readonly number[]>;

export async function stretch(run: RunSteps, steps: number): Promise<Stretch> {
  const start = performance.now();
  const host = await run(steps);
  // The median of the calls: on a busy machine some are interrupted.
  return { steps, millis: performance.now() - start, hostMicros: roundsOf(host).median };
}

/** Steps in whole submits: a part of one costs the host as much as all of it. */
const whole = (steps: number, submit: number): number => Math.ceil(steps / submit) * submit;

/** How many steps take `seconds`: doubled from a submit until a quarter of it is reached. Also the warm-up. */
export async function calibrate(run: RunSteps, seconds: number, submit: number): Promise<number> {
  await run(submit);
  for (let steps = submit; ; steps *= 2) {
    const { millis } = await stretch(run, steps);
    if (millis >= 250 * seconds) return whole((1050 * seconds * steps) / millis, submit);
  }
}

/** A stretch of at least `seconds`: one that turns out shorter is thrown away and measured again, longer. */
async function atLeast(run: RunSteps, steps: number, seconds: number, submit: number): Promise<Stretch> {
  const once = await stretch(run, steps);
  if (once.millis >= 950 * seconds) return once;
  return atLeast(run, whole(steps * Math.min(4, (1100 * seconds) / once.millis), submit), seconds, submit);
}

export interface Timed {
  readonly stepsPerSecond: Rounds;
  readonly hostMicros: Rounds;
}

const timed = (all: readonly Stretch[]): Timed => ({
  stepsPerSecond: roundsOf(all.map(({ steps, millis }) => (1000 * steps) / millis)),
  hostMicros: roundsOf(all.map(({ hostMicros }) => hostMicros)),
});

/** Rounds of several contenders, interleaved: each round times every one of them, starting with the next one each time. */
export async function interleave(
  runs: readonly RunSteps[],
  { rounds, seconds }: Effort,
  submits: readonly number[] = [],
): Promise<Timed[]> {
  const steps: number[] = [];
  for (const [i, run] of runs.entries()) steps.push(await calibrate(run, seconds, submits[i] ?? 1));
  const all = runs.map((): Stretch[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < runs.length; k++) {
      const i = (round + k) % runs.length;
      const once = await atLeast(runs[i] as RunSteps, steps[i] as number, seconds, submits[i] ?? 1);
      all[i]?.push(once);
      steps[i] = once.steps;
    }
  }
  return all.map(timed);
}

/** One alone; `submit` is how many steps it takes a submit. */
export const alone = async (run: RunSteps, effort: Effort, submit = 1): Promise<Timed> =>
  (await interleave([run], effort, [submit]))[0] as Timed;
