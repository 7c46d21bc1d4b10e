// One training: drives it, looks at it between submits, answers questions about it, reports at most 20 times a second.
import type { Backend } from "../../backend/backend.ts";
import type { Dataset } from "../../data/index.ts";
import { load } from "../../train/load.ts";
import type { Metrics, Training } from "../../train/training.ts";
import { train } from "../../train/train.ts";
import { Log } from "./log.ts";
import { confusionOf, gridPoints, weightsOf } from "./looks.ts";
import { stepsPerSubmit } from "./pace.ts";
import type { Job, Outcome, Prepared, Progress, Rescue, Watched } from "./protocol.ts";

/** Milliseconds between decision surfaces, and between the other looks; each costs a stop of the submits in flight. */
const SURFACE = 300;
const DETAILS = 1000;
/** Looks may take this share of the time. */
const SHARE = 0.2;

export class Session {
  readonly #job: Job;
  readonly #data: Dataset;
  readonly #training: Training;
  readonly #log: Log;
  #wanted: "run" | "pause" | "stop";
  /** Single steps asked for and not yet done. */
  #asked = 0;
  #wake: (() => void) | undefined;
  /** Nothing is in flight. */
  #quiet = true;
  #validateAt: number;
  #surfaceAt = 0;
  #detailsAt = 0;
  /** The steps of the last looks. */
  #looked = -1;
  #detailed = -1;
  #watched: Watched = { layers: false, weights: false, confusion: false };
  readonly #questions: (() => Promise<void>)[] = [];
  #driving = true;

  constructor(backend: Backend, job: Job, data: Dataset, send: (progress: Progress) => Promise<unknown>) {
    const { model, loss, optimizer, batch, steps, seed, checkpoint } = job;
    const options = { data, model, loss, optimizer, batch, steps, seed };
    const all = { ...options, stepsPerSubmit: stepsPerSubmit(backend, job, data.features) };
    this.#job = job;
    this.#data = data;
    this.#training = checkpoint ? load(backend, checkpoint, all) : train(backend, all);
    this.#log = new Log(send, checkpoint ? stepOf(checkpoint) : 0);
    this.#validateAt = this.#log.done;
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

  /** What the page has open; what is newly open is looked at as soon as can be. */
  watch(watched: Watched): void {
    this.#watched = watched;
    this.#detailsAt = 0;
    this.#detailed = -1;
    if (!this.#driving) void this.ask(() => this.#again());
    else this.#wake?.();
  }

  /** Looks at a training at its end once more. */
  async #again(): Promise<void> {
    await this.#details();
    await this.#log.flush(true);
  }

  /** Asks something of the training when nothing is in flight. */
  ask<T>(question: (training: Training) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#questions.push(() => question(this.#training).then(resolve, reject));
      if (this.#driving) this.#wake?.();
      else void this.#answer();
    });
  }

  async #answer(): Promise<void> {
    for (let next = this.#questions.shift(); next; next = this.#questions.shift()) await next();
  }

  /** Trains to the end or to stop(). The training stays open for questions until close(). */
  async run(prepared: (told: Prepared) => void): Promise<Outcome> {
    try {
      const { train: learn, validation, test } = this.#data.splits;
      // Errors of preparation come here, before the first step.
      const { recipe, hash } = await this.#training.recipe();
      const rows = [learn.count, validation.count, test.count] as const;
      if (this.#job.weights) await this.#training.begin(this.#job.weights);
      prepared({ recipeHash: hash, dataHash: recipe.data.hash, rows });
      await this.#drive();
      const { done, seconds } = this.#log;
      const end = { finished: done >= this.#job.steps, steps: done, seconds };
      return end.finished && test.count > 0 ? { ...end, test: await this.#training.evaluate("test") } : end;
    } finally {
      this.#driving = false;
      await this.#log.flush(true);
      void this.#answer();
    }
  }

  /** Frees everything on the device. A training that was never opened has nothing to free. */
  async close(): Promise<void> {
    await this.#training.close().catch(() => {});
  }

  /** The last snapshot, without asking the device. */
  async rescue(): Promise<Rescue | undefined> {
    const checkpoint = await this.#training.lastCheckpoint().catch(() => undefined);
    return checkpoint && { checkpoint, step: stepOf(checkpoint) };
  }

  async #drive(): Promise<void> {
    const training = this.#training;
    const metrics = training[Symbol.asyncIterator]();
    const log = this.#log;
    await this.#look();
    while (log.done < this.#job.steps) {
      // Single steps, looks, questions and pauses come between submits only: when all that has landed has been taken.
      if (log.done === training.step) {
        if (this.#wanted === "stop") break;
        if (this.#lookDue()) await this.#look();
        if (this.#wanted === "pause") await this.#hold();
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
    await this.#settle();
    log.halt();
    await metrics.return?.(undefined);
    if (this.#wanted !== "stop") {
      this.#detailed = -1;
      await this.#look();
    }
  }

  /** Paused: single steps and questions until resume(), stop() or the last step. */
  async #hold(): Promise<void> {
    this.#detailsAt = 0;
    await this.#look();
    await this.#log.flush(true);
    while (this.#wanted === "pause" && this.#log.done < this.#job.steps) {
      if (this.#asked === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        await this.#answer();
        if (this.#lookDue()) {
          await this.#look();
          await this.#log.flush(true);
        }
        continue;
      }
      this.#asked--;
      this.#training.pause();
      const metrics = await this.#training.single();
      if (metrics) this.#take(metrics);
      if (this.#asked > 0) continue;
      this.#detailsAt = 0;
      await this.#look();
      await this.#log.flush(true);
    }
    this.#asked = 0;
  }

  #take({ loss, accuracy }: Metrics): void {
    this.#log.add(loss, accuracy);
  }

  /** Lands what is in flight, so that the parameters are those after the last step taken. */
  async #settle(): Promise<void> {
    if (this.#quiet) return;
    this.#training.pause();
    do {
      const metrics = await this.#training.single();
      if (!metrics) break;
      this.#take(metrics);
    } while (this.#log.done < this.#training.step);
    this.#quiet = true;
  }

  #lookDue(): boolean {
    const { done } = this.#log;
    if (this.#questions.length > 0 || done >= this.#validateAt) return true;
    const now = performance.now();
    if (this.#watching && now >= this.#detailsAt && done !== this.#detailed) return true;
    return (this.#job.grid ?? this.#job.line) !== undefined && now >= this.#surfaceAt && done !== this.#looked;
  }

  get #watching(): boolean {
    return Object.values(this.#watched).some(Boolean);
  }

  /** Whatever is due: questions, a validation, the surface, the details. */
  async #look(): Promise<void> {
    await this.#settle();
    const log = this.#log;
    log.halt();
    await this.#answer();
    if (log.done !== this.#looked) {
      this.#looked = log.done;
      await this.#validate();
      await this.#surface();
    }
    if (performance.now() >= this.#detailsAt || log.done >= this.#job.steps) await this.#details();
  }

  async #validate(): Promise<void> {
    const { done } = this.#log;
    const { validateEvery, steps } = this.#job;
    if ((done < this.#validateAt && done < steps) || this.#data.splits.validation.count === 0) return;
    this.#log.validated(await this.#training.evaluate("validation"));
    this.#validateAt = (Math.floor(done / validateEvery) + 1) * validateEvery;
  }

  async #surface(): Promise<void> {
    const { grid, line } = this.#job;
    const points = grid ? gridPoints(grid) : line;
    if (!points) return;
    const start = performance.now();
    const { values } = await this.#training.predict(points);
    this.#log.tell({ surface: values });
    const end = performance.now();
    this.#surfaceAt = end + Math.max(SURFACE, (end - start) / SHARE);
  }

  async #details(): Promise<void> {
    const { done } = this.#log;
    const { layers, weights, confusion } = this.#watched;
    if (!this.#watching || done === this.#detailed) return;
    this.#detailed = done;
    const start = performance.now();
    if (layers) this.#log.inspected(await this.#training.inspect());
    const shown = weights ? await weightsOf(this.#training, this.#data, done) : undefined;
    if (shown) this.#log.tell({ weights: shown });
    if (confusion && this.#data.classes && this.#data.splits.validation.count > 0)
      this.#log.tell({ confusion: await confusionOf(this.#training, this.#data, done) });
    const end = performance.now();
    this.#detailsAt = end + Math.max(DETAILS, (end - start) / SHARE);
  }
}

/** The step of a checkpoint, from its header's JSON; load() checks all of it. */
function stepOf(checkpoint: Uint8Array): number {
  const length = new DataView(checkpoint.buffer, checkpoint.byteOffset).getUint32(8, true);
  const { step } = JSON.parse(new TextDecoder().decode(checkpoint.subarray(16, 16 + length))) as { step: number };
  return step;
}
