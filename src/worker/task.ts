// A training or race in the worker: steps while its reader follows, and what looks at it takes turns with the steps.
import type { Race } from "../train/race.ts";
import type { Training } from "../train/training.ts";
import type { Chunk } from "./protocol.ts";
import { breathe, Outbox, SPACING } from "./outbox.ts";

export type Subject = Training | Race;

/** A step's row, if there was one left, and what has been heard of the work by then. */
export type Single<Row = object> = { readonly row: Row | undefined } & Pick<Chunk, "step" | "validation">;

/** Methods that change nothing the steps need; everything else is called between steps. */
const AT_ONCE = ["ready"];

export class Task {
  readonly #subject: Subject;
  readonly #outbox = new Outbox();
  readonly #stepping: AsyncIterator<object>;
  #pumping = false;
  #paused = false;
  #ended = false;
  /** The iterator's step under way, and the looks that were asked for, one after the other. */
  #step: Promise<unknown> = Promise.resolve();
  #looks: Promise<unknown> = Promise.resolve();
  #looking = 0;
  /** Validations told. */
  #told = 0;
  #halted: (() => void) | undefined;

  constructor(subject: Subject) {
    this.#subject = subject;
    this.#stepping = subject[Symbol.asyncIterator]();
  }

  /** Steps begin when somebody reads, as in one's own thread. They run ahead of the reader by a chunk at most. */
  next(): Promise<Chunk> {
    if (!this.#pumping) {
      this.#pumping = true;
      void this.#pump();
    }
    return this.#outbox.next(() => ({ step: this.#subject.step, ...this.#validation() }));
  }

  /** The validations of a training, where there are more than were told. */
  #validation(): Pick<Chunk, "validation"> {
    const found = "validation" in this.#subject ? this.#subject.validation : undefined;
    if (!found || (found.validations.length === this.#told && found.stopped === undefined)) return {};
    this.#told = found.validations.length;
    const { validations, best, stopped } = found;
    return { validation: { validations, best, stopped } };
  }

  async #pump(): Promise<void> {
    let breathed = performance.now();
    try {
      for (;;) {
        await this.#outbox.room();
        while (this.#looking > 0) await this.#looks;
        if (this.#ended) break;
        const step = this.#stepping.next();
        this.#step = step.catch(() => {});
        const { done, value } = await step;
        if (done) break;
        this.#outbox.push(value);
        if (performance.now() - breathed < SPACING) continue;
        await breathe();
        breathed = performance.now();
      }
      this.#outbox.end();
    } catch (error) {
      this.#outbox.end({ error });
    }
  }

  pause(): void {
    this.#paused = true;
    this.#subject.pause();
    this.#halted?.();
  }

  /** Looks that are under way see the parameters as they are. */
  resume(): void {
    this.#paused = false;
    void this.#looks.then(() => {
      if (!this.#paused) this.#subject.resume();
    });
  }

  /** One step of a paused training: the oldest row that has not gone out. */
  single(): Promise<Single> {
    return this.#look(async () => {
      const row = await (this.#subject as Training).single();
      // The iterator may have waited for the same submit: what it got of it comes first.
      await breathe();
      if (row) this.#outbox.insert(row);
      return { row: this.#outbox.shift(), step: this.#subject.step, ...this.#validation() };
    });
  }

  call(method: string, args: readonly unknown[]): Promise<unknown> {
    const work = () =>
      (this.#subject as unknown as Record<string, (...args: readonly unknown[]) => Promise<unknown>>)[method]!(...args);
    return AT_ONCE.includes(method) ? work() : this.#look(work);
  }

  /** Work on parameters that no step changes: the steps in flight are behind it, and none are issued until it is done. */
  async #look<T>(work: () => Promise<T>): Promise<T> {
    this.#looking++;
    const look = this.#looks.then(async () => {
      await this.#quiet();
      return work();
    });
    this.#looks = look.catch(() => {});
    try {
      return await look;
    } finally {
      this.#looking--;
    }
  }

  /** No step is about to be issued: a paused training issues none, though its next one is waited for. */
  async #quiet(): Promise<void> {
    if (this.#paused) return;
    const halted = new Promise<void>((resolve) => {
      this.#halted = resolve;
    });
    await Promise.race([this.#step, halted]);
  }

  /** Ends the steps and frees everything on the device. */
  async end(): Promise<void> {
    this.#ended = true;
    this.pause();
    this.#outbox.end();
    // What never opened has nothing to free, and its error has been told.
    await this.#look(() => this.#subject.close()).catch(() => {});
  }
}
