// Drives a population through its steps: two submits in flight, pause, single step, abort, a snapshot now and then.
import { fail } from "../core/check.ts";
import { ownPace, Pace, type PaceMode } from "../scheduler/pace.ts";
import type { Population, Snapshot, StepMetrics } from "./population.ts";

/** Seconds between snapshots to the host. */
const SNAPSHOT_SECONDS = 5;
const IN_FLIGHT = 2;

/** Looks at a training between submits: at step `next`, with nothing in flight. */
export interface Validator {
  readonly next: number;
  /** Validates; whether the training ends here. */
  pass(): Promise<boolean>;
  /** Called with every snapshot, to remember what was known then. */
  note(snapshot: Snapshot): void;
}

export interface RunnerOptions {
  readonly start: number;
  readonly signal: AbortSignal | undefined;
  /** Steps a submit by time; by default what suits the place it runs in. */
  readonly pace?: PaceMode | undefined;
  /** Called with each finished submit's metrics before they are handed out. */
  readonly watch: (metrics: readonly StepMetrics[]) => Promise<void>;
  /** Called with a snapshot before it takes the place of the last one; throws for one that must not. */
  readonly accept: (snapshot: Snapshot) => Promise<void>;
}

export class Runner {
  readonly population: Population;
  readonly #options: RunnerOptions;
  readonly #flying: { readonly metrics: Promise<StepMetrics[]>; readonly count: number; readonly issuedAt: number }[] =
    [];
  readonly #pace: Pace;
  #issued: number;
  #done: number;
  #snapshot: Snapshot | undefined;
  #snapshotAt = 0;
  #landedAt = 0;
  #resume: (() => void) | undefined;
  #gate: Promise<void> | undefined;
  #landing: Promise<void> | undefined;
  readonly #waiting: StepMetrics[] = [];
  /** The step it ends at. */
  #end: number;
  validator: Validator | undefined;

  constructor(population: Population, options: RunnerOptions) {
    this.population = population;
    this.#options = options;
    this.#pace = new Pace(options.pace ?? ownPace(), population.program.stepsPerSubmit);
    this.#issued = options.start;
    this.#done = options.start;
    this.#end = this.steps;
  }

  /** Steps whose metrics have arrived. */
  get step(): number {
    return this.#done;
  }

  /** Steps asked of the device: those the parameters on it have taken. */
  get issued(): number {
    return this.#issued;
  }

  get steps(): number {
    return this.population.options.steps;
  }

  /** Whether anything has been asked of it that depends on where it starts. */
  get begun(): boolean {
    return this.#issued > 0 || this.#snapshot !== undefined;
  }

  /** The last snapshot on the host; whole whatever happens to the device. */
  get lastSnapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  get paused(): boolean {
    return this.#gate !== undefined;
  }

  pause(): void {
    this.#gate ??= new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  resume(): void {
    this.#resume?.();
    this.#gate = undefined;
    this.#resume = undefined;
  }

  /** One step while paused; its metrics, or undefined at the end. */
  async single(): Promise<StepMetrics | undefined> {
    if (!this.paused) fail("step", "the run is not paused", "pause() it first");
    await this.#drain();
    if (this.#waiting.length > 0) return this.#waiting.shift();
    await this.#validate();
    if (this.#done >= this.#end) return undefined;
    this.#issue(1);
    await this.#drain();
    return this.#waiting.shift();
  }

  /** Steps that may be issued now: all, unless schedules wait for losses or a validation for the steps before it. */
  get #issuable(): number {
    return Math.min(this.#end, this.population.horizon, this.validator?.next ?? this.#end);
  }

  async #validate(): Promise<void> {
    if (this.validator?.next === this.#done && (await this.validator.pass())) this.#end = this.#done;
  }

  /** Ends at the steps done, with the state of an earlier snapshot if one is given: what is evaluated and saved from now on. */
  finish(snapshot?: Snapshot): void {
    this.#end = this.#done;
    if (!snapshot) return;
    this.population.restore(snapshot);
    this.#snapshot = snapshot;
    this.#issued = snapshot.step;
  }

  #issue(most: number): void {
    const count = Math.min(most, this.#issuable - this.#issued);
    this.#flying.push({ metrics: this.population.advance(this.#issued, count), count, issuedAt: performance.now() });
    this.#issued += count;
  }

  /** Waits for the oldest submit in flight; an iterator and a single step may wait for the same one. */
  #land(): Promise<void> {
    this.#landing ??= this.#landOldest().finally(() => {
      this.#landing = undefined;
    });
    return this.#landing;
  }

  async #landOldest(): Promise<void> {
    const next = this.#flying[0];
    if (!next) return;
    const metrics = await next.metrics;
    const now = performance.now();
    this.#pace.took(next.count, now - Math.max(next.issuedAt, this.#landedAt));
    this.#landedAt = now;
    this.#flying.shift();
    this.#done += next.count;
    await this.#options.watch(metrics);
    this.#waiting.push(...metrics);
    await this.#validate();
  }

  async #drain(): Promise<void> {
    while (this.#flying.length > 0) await this.#land();
  }

  /** Copies the state after all steps issued so far to the host. */
  async snapshot(): Promise<Snapshot> {
    // Schedules that follow the losses must have heard all of them.
    if (this.population.horizon < Number.POSITIVE_INFINITY) await this.#drain();
    const taken = await this.population.snapshot(this.#issued);
    await this.#options.accept(taken);
    this.validator?.note(taken);
    this.#snapshot = taken;
    this.#snapshotAt = performance.now();
    return taken;
  }

  /** Keeps submits in flight: first one step alone, so that something is seen as soon as anything can be. */
  #fill(): void {
    const begun = this.#done > this.#options.start;
    while (!this.#gate && this.#issued < this.#issuable && this.#flying.length < (begun ? IN_FLIGHT : 1)) {
      this.#issue(begun ? this.#pace.next() : 1);
    }
  }

  /** Every step's metrics, in order, to the last step, the abort, or the first error. */
  async *metrics(): AsyncGenerator<StepMetrics> {
    const { signal } = this.#options;
    const start = this.#snapshot ? undefined : this.snapshot();
    start?.catch(() => {});
    // The device reads the start before the first step, which need not wait for it to arrive.
    if (this.validator || this.population.horizon < Number.POSITIVE_INFINITY) await start;
    await this.#validate();
    try {
      while (this.#done < this.#end || this.#waiting.length > 0) {
        // One at a time: what a consumer leaves unread stays for the next one.
        for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) yield next;
        if (this.#done >= this.#end) break;
        signal?.throwIfAborted();
        if (this.#gate) await opened(this.#gate, signal);
        if (this.#snapshot && performance.now() - this.#snapshotAt > SNAPSHOT_SECONDS * 1000) await this.snapshot();
        this.#fill();
        await start;
        await this.#land();
      }
    } finally {
      for (const { metrics } of this.#flying) metrics.catch(() => {});
    }
  }
}

/** Resolves with the gate; rejects when the signal aborts. */
function opened(gate: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return gate;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    gate.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
