// One training in the worker: drives it, looks at it (validation, surface) between submits, reports at most 20 times a second.
import type { Backend } from "../backend/backend.ts";
import type { Dataset } from "../data/index.ts";
import { type Metrics, type Training, train } from "../train/train.ts";
import { checkKinds, dataOf } from "./kinds.ts";
import { Log } from "./log.ts";
import type { Grid, Job, Outcome, Progress } from "./protocol.ts";

/** Milliseconds between decision surfaces; each costs a stop of the submits in flight. */
const SURFACE = 300;
/** A surface may take this share of the time. */
const SHARE = 0.2;
/** Multiply-adds of a step's forward pass above which a slow adapter gets short submits, so that a pause is felt soon. */
const HEAVY = 2 ** 21;

/** Steps a submit; no number depends on it. */
function stepsPerSubmit({ kind, adapter }: Backend, job: Job, features: number): number {
  if (kind === "cpu") return 1;
  const widths = [features, ...job.model.flatMap(({ width }) => (typeof width === "number" ? [width] : []))];
  const work = widths.reduce((sum, width, i) => sum + width * (widths[i + 1] ?? 0), 0) * job.batch;
  return adapter.software && work > HEAVY ? 4 : 16;
}

/** Rows (x, y) of a grid's points, from its top left. */
export function gridPoints({ size, left, right, bottom, top }: Grid): Float32Array {
  const points = new Float32Array(2 * size * size);
  for (let i = 0; i < size * size; i++) {
    const column = i % size;
    const row = (i - column) / size;
    points[2 * i] = left + ((column + 0.5) / size) * (right - left);
    points[2 * i + 1] = top - ((row + 0.5) / size) * (top - bottom);
  }
  return points;
}

export class Session {
  readonly #job: Job;
  readonly #log: Log;
  #wanted: "run" | "pause" | "stop";
  /** Single steps asked for and not yet done. */
  #asked = 0;
  #wake: (() => void) | undefined;
  /** Nothing is in flight. */
  #quiet = true;
  #validateAt = 0;
  #surfaceAt = 0;
  /** The step of the last look. */
  #looked = -1;

  constructor(job: Job, send: (progress: Progress) => Promise<unknown>) {
    this.#job = job;
    this.#log = new Log(send);
    this.#wanted = job.paused ? "pause" : "run";
  }

  pause(): void {
    if (this.#wanted === "run") this.#wanted = "pause";
  }

  resume(): void {
    if (this.#wanted === "pause") this.#want("run");
  }

  step(): void {
    if (this.#wanted !== "pause") return;
    this.#asked++;
    this.#wake?.();
  }

  stop(): void {
    this.#want("stop");
  }

  #want(wanted: "run" | "stop"): void {
    this.#wanted = wanted;
    this.#wake?.();
  }

  /** Trains to the end or to stop(); frees everything on the device. */
  async run(backend: Backend): Promise<Outcome> {
    const { data: spec, model, loss, optimizer, batch, steps, seed } = this.#job;
    checkKinds(this.#job);
    const data = await dataOf(spec);
    const submit = stepsPerSubmit(backend, this.#job, data.features);
    const training = train(backend, { data, model, loss, optimizer, batch, steps, seed, stepsPerSubmit: submit });
    try {
      // Errors of preparation come here, before the first step.
      const { hash } = await training.recipe();
      await this.#drive(training, data);
      const { done, seconds } = this.#log;
      const end = { finished: done >= steps, steps: done, seconds, recipeHash: hash };
      return end.finished && data.splits.test.count > 0 ? { ...end, test: await training.evaluate("test") } : end;
    } finally {
      await this.#log.flush(true);
      // A training that was never opened has nothing to free, and its error is on its way already.
      await training.close().catch(() => {});
    }
  }

  async #drive(training: Training, data: Dataset): Promise<void> {
    const metrics = training[Symbol.asyncIterator]();
    const log = this.#log;
    await this.#look(training, data);
    while (log.done < this.#job.steps) {
      // Single steps, evaluations and pauses come between submits only: when all that has landed has been taken.
      if (log.done === training.step) {
        if (this.#wanted === "stop") break;
        if (this.#lookDue()) await this.#look(training, data);
        if (this.#wanted === "pause") await this.#hold(training, data);
        await log.maybe();
        if (this.#wanted !== "run" || log.done >= this.#job.steps) continue;
      }
      training.resume();
      log.go();
      this.#quiet = false;
      const next = await metrics.next();
      if (next.done) break;
      this.#take(next.value);
    }
    await this.#settle(training);
    log.halt();
    await metrics.return?.(undefined);
    if (this.#wanted !== "stop") await this.#look(training, data);
  }

  /** Paused: single steps until resume(), stop() or the last step. */
  async #hold(training: Training, data: Dataset): Promise<void> {
    await this.#look(training, data);
    await this.#log.flush(true);
    while (this.#wanted === "pause" && this.#log.done < this.#job.steps) {
      if (this.#asked === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      this.#asked--;
      training.pause();
      const metrics = await training.single();
      if (metrics) this.#take(metrics);
      if (this.#asked > 0) continue;
      await this.#look(training, data);
      await this.#log.flush(true);
    }
    this.#asked = 0;
  }

  #take({ loss, accuracy }: Metrics): void {
    this.#log.add(loss, accuracy);
  }

  /** Lands what is in flight, so that the parameters are those after the last step taken. */
  async #settle(training: Training): Promise<void> {
    if (this.#quiet) return;
    training.pause();
    do {
      const metrics = await training.single();
      if (!metrics) break;
      this.#take(metrics);
    } while (this.#log.done < training.step);
    this.#quiet = true;
  }

  #lookDue(): boolean {
    if (this.#log.done >= this.#validateAt) return true;
    return this.#job.grid !== undefined && performance.now() >= this.#surfaceAt;
  }

  /** The validation that is due, and the surface. */
  async #look(training: Training, data: Dataset): Promise<void> {
    await this.#settle(training);
    const log = this.#log;
    log.halt();
    if (log.done === this.#looked) return;
    this.#looked = log.done;
    const { validateEvery, grid, steps } = this.#job;
    const due = log.done >= this.#validateAt || log.done >= steps;
    if (due && data.splits.validation.count > 0) {
      log.validated({ ...(await training.evaluate("validation")), step: log.done });
      this.#validateAt = (Math.floor(log.done / validateEvery) + 1) * validateEvery;
    }
    if (!grid) return;
    const start = performance.now();
    log.surface = (await training.predict(gridPoints(grid))).values;
    const end = performance.now();
    this.#surfaceAt = end + Math.max(SURFACE, (end - start) / SHARE);
  }
}
