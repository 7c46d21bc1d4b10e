// What a training has to tell, gathered and sent in transferred chunks, at most 20 a second and one at a time.
import type { Progress, Validation } from "./protocol.ts";

/** Milliseconds between messages. */
const REPORT = 50;

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class Log {
  readonly #send: (progress: Progress) => Promise<unknown>;
  #loss: number[] = [];
  #accuracy: number[] = [];
  #validations: Validation[] = [];
  #done = 0;
  #milliseconds = 0;
  #since: number | undefined;
  #sentAt = performance.now();
  #sending: Promise<unknown> | undefined;
  /** The newest surface not yet sent. */
  surface: Float32Array | undefined;

  constructor(send: (progress: Progress) => Promise<unknown>) {
    this.#send = send;
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
      loss: Float32Array.from(this.#loss),
      accuracy: Float32Array.from(this.#accuracy),
      validations: this.#validations,
      seconds: this.seconds,
      paused,
      ...(this.surface ? { surface: this.surface } : {}),
    };
    this.#loss = [];
    this.#accuracy = [];
    this.#validations = [];
    this.surface = undefined;
    this.#sentAt = performance.now();
    // A reader that is gone ends nothing here: the training's own end tells.
    const sent = this.#send(progress).catch(() => {});
    this.#sending = sent.then(() => {
      this.#sending = undefined;
    });
    return sent;
  }
}
