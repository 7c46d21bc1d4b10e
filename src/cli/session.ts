// One engine, its interrupt and its progress line, for the verbs that train.
import { describe } from "../../scripts/prepare.mjs";
import type { RaceResult } from "../report/index.ts";
import type { Profile } from "../train/profile.ts";
import type { Services } from "./chrome.ts";
import { chromeOf, type Engine, openChrome, openNode } from "./engine.ts";
import { exitCodes, JobFailed } from "./errors.ts";
import { type Interrupt, watchInterrupt } from "./interrupt.ts";
import type { Job } from "./job.ts";
import { type Collected, recipeOf, resultOf } from "./outcome.ts";
import { duration, ProgressLine } from "./progress.ts";
import { madeNow } from "./results.ts";
import { fromBase64 } from "./wire.ts";

/** A line for people. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);

export interface Performed {
  readonly result: RaceResult;
  readonly checkpoint: Uint8Array | undefined;
  readonly profile: Profile | undefined;
  /** Ended before its last step, by Ctrl-C or by `error`. */
  readonly stopped: boolean;
  readonly error: JobFailed | undefined;
}

export class Session {
  readonly #services: Services;
  readonly #engine: Engine;
  readonly #interrupt: Interrupt;

  constructor(services: Services, engine: Engine, interrupt: Interrupt) {
    this.#services = services;
    this.#engine = engine;
    this.#interrupt = interrupt;
  }

  get interrupted(): boolean {
    return this.#interrupt.happened;
  }

  /** Does a job with progress on stderr. A job that fails after its first point gives what it had; an earlier one rejects. */
  async perform(name: string, job: Job): Promise<Performed> {
    const line = new ProgressLine(process.stderr);
    const collected = await this.#engine
      .run(job, {
        facts: (facts) => line.facts(facts),
        progress: (progress) => line.progress(progress),
      })
      .finally(() => line.end())
      .catch((error: Error) => error);
    if (!(collected instanceof Error)) return this.#performed(name, job, collected, undefined);
    if (!(collected instanceof JobFailed) || !collected.collected || collected.collected.points.length === 0)
      throw collected;
    return this.#performed(name, job, collected.collected, collected);
  }

  #performed(name: string, job: Job, collected: Collected, error: JobFailed | undefined): Performed {
    const { facts, done } = collected;
    const recipe = recipeOf(job, facts);
    const made = madeNow(this.#services.root, this.#engine.browser);
    const result = resultOf(collected, { name, kind: job.kind, recipe, made });
    const checkpoint = done?.checkpoint === undefined ? undefined : fromBase64(done.checkpoint);
    return { result, checkpoint, profile: done?.profile, stopped: !done || done.stopped, error };
  }
}

/** Opens the backend, names its adapter first, and closes everything whatever happens. */
export async function inSession(
  services: Services,
  { backend = "webgpu", headed = false }: { readonly backend?: "webgpu" | "cpu"; readonly headed?: boolean },
  body: (session: Session) => Promise<number>,
): Promise<number> {
  say(backend === "cpu" ? "CPU references in Node: no GPU takes part, and it is slow" : describe(chromeOf(services)));
  const interrupt = watchInterrupt(say);
  try {
    const engine = backend === "cpu" ? openNode(services) : await openChrome(services, { headed });
    try {
      interrupt.onStop(() => engine.stop());
      if (interrupt.happened) say("stopped before the first step: there is nothing to keep");
      const code = interrupt.happened ? exitCodes.interrupted : await body(new Session(services, engine, interrupt));
      return interrupt.happened ? exitCodes.interrupted : code;
    } finally {
      await engine.close();
    }
  } finally {
    interrupt.dispose();
  }
}

/** `trained 36 runs x 216 steps in 12 s (650 run-steps/s)`; of a run taken up, the steps since. */
export function trainedLine({ seconds, entries, seeds, steps }: RaceResult): string {
  const runs = entries.length * seeds.length;
  const rate = Math.round(seconds.runSteps / Math.max(seconds.training, 1e-9));
  const what = runs === 1 ? `${seconds.runSteps} steps` : `${runs} runs x ${steps} steps`;
  return `trained ${what} in ${seconds.training.toFixed(1)} s (${rate} run-steps/s), ${duration(seconds.total)} in all`;
}
