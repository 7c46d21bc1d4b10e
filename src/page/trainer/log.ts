// What a training has to tell, gathered and sent in transferred chunks, at most 20 a second and one at a time.
import type { Inspection } from "../../train/inspect.ts";
import type { Progress, Validation } from "./protocol.ts";

/** Milliseconds between messages. */
const REPORT = 50;

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What is told once, the newest only. */
export type News = Pick<Progress, "surface" | "weights" | "confusion">;

export class Log {
  readonly #send: (progress: Progress) => Promise<unknown>;
  #loss: number[] = [];
  #accuracy: number[] = [];
  #validations: Validation[] = [];
  #inspections: Inspection[] = [];
  #news: News = {};
  #done: number;
  #milliseconds = 0;
  #since: number | undefined;
  #sentAt = performance.now();
  #sending: Promise<unknown> | undefined;

  /** `done` steps are behind it. */
  constructor(send: (progress: Progress) => Promise<unknown>, done: number) {
    this.#send = send;
    this.#done = done;
  }

  /** Steps taken. */
  get done(): number {
    return this.#done;
  }

  get seconds(): number {
    const running = this.#since === undefined ? 0 : performance.now() - this.#since;
    return (this.#milliseconds + running) / 1000;
  }

  /** Starts the clock; nothing if it runs. */
  go(): void {
    this.#since ??= performance.now();
  }

  /** Stops the clock. */
  halt(): void {
    if (this.#since !== undefined) this.#milliseconds += performance.now() - this.#since;
    this.#since = undefined;
  }

  add(loss: number, accuracy: number): void {
    this.#loss.push(loss);
    this.#accuracy.push(accuracy);
    this.#done++;
  }

  validated(validation: Validation): void {
    this.#validations.push(validation);
  }

  inspected(inspection: Inspection): void {
    this.#inspections.push(inspection);
  }

  tell(news: News): void {
    this.#news = { ...this.#news, ...news };
  }

  /** Sends when it is time and the last message has been read, and lets messages in. */
  async maybe(): Promise<void> {
    if (performance.now() - this.#sentAt < REPORT) return;
    if (!this.#sending) void this.#post(false);
    await sleep(0);
  }

  /** Sends what there is; resolves when it has been read. */
  async flush(paused: boolean): Promise<void> {
    await this.#sending;
    await sleep(Math.max(0, REPORT - (performance.now() - this.#sentAt)));
    await this.#post(paused);
  }

  #post(paused: boolean): Promise<unknown> {
    const progress: Progress = {
      first: this.#done - this.#loss.length,
      loss: Float64Array.from(this.#loss),
      accuracy: Float32Array.from(this.#accuracy),
      validations: this.#validations,
      inspections: this.#inspections,
      seconds: this.seconds,
      paused,
      ...this.#news,
    };
    [this.#loss, this.#accuracy, this.#validations, this.#inspections, this.#news] = [[], [], [], [], {}];
    this.#sentAt = performance.now();
    // A reader that is gone ends nothing here: the training's own end tells.
    const sent = this.#send(progress).catch(() => {});
    this.#sending = sent.then(() => {
      this.#sending = undefined;
    });
    return sent;
  }
}
