// A training's numbers on the page: kept whole, smoothed for the eye, thinned for the pixels.
import { lossHash } from "../../train/recipe.ts";
import type { Inspection } from "../../train/inspect.ts";
import type { Confusion, Outcome, Prepared, Progress, Validation, Weights } from "../trainer/protocol.ts";
import type { Made } from "./recipe.ts";

/** One number a step, with its debiased exponential mean. */
export class Series {
  readonly raw: Float64Array;
  readonly #smooth: Float64Array;
  #weight = Number.NaN;
  #smoothed = 0;
  #sum = 0;
  #norm = 0;
  length = 0;

  constructor(steps: number) {
    this.raw = new Float64Array(steps);
    this.#smooth = new Float64Array(steps);
  }

  add(values: ArrayLike<number>): void {
    const room = Math.min(values.length, this.raw.length - this.length);
    for (let i = 0; i < room; i++) this.raw[this.length++] = values[i] as number;
  }

  /** Back to `length` numbers. */
  cut(length: number): void {
    this.length = Math.min(length, this.length);
    this.#weight = Number.NaN;
  }

  /** sum of weight^k x[t - k] over sum of weight^k, k = 0 .. t: debiased from the start; what is not finite is passed over. */
  smooth(weight: number): Float64Array {
    if (weight !== this.#weight) [this.#weight, this.#smoothed, this.#sum, this.#norm] = [weight, 0, 0, 0];
    for (; this.#smoothed < this.length; this.#smoothed++) {
      const value = this.raw[this.#smoothed] as number;
      if (Number.isFinite(value)) {
        this.#sum = weight * this.#sum + (1 - weight) * value;
        this.#norm = weight * this.#norm + (1 - weight);
      }
      this.#smooth[this.#smoothed] = this.#norm === 0 ? Number.NaN : this.#sum / this.#norm;
    }
    return this.#smooth.subarray(0, this.length);
  }
}

/** Seconds over which the speed is taken. */
const SPEED = 1.5;

export class History {
  readonly made: Made;
  readonly loss: Series;
  readonly accuracy: Series;
  /** Seconds of training when each step had been taken. */
  readonly seconds: Float64Array;
  readonly validations: Validation[] = [];
  readonly inspections: Inspection[] = [];
  surface: Float32Array | undefined;
  weights: Weights | undefined;
  confusion: Confusion | undefined;
  prepared: Prepared | undefined;
  outcome: Outcome | undefined;
  /** The first step with a number that is not finite. */
  diverged: number | undefined;
  /** Went on from a snapshot at this step: its clock starts there. */
  #secondsBefore = 0;
  /** Recent (steps, seconds). */
  readonly #clock: (readonly [number, number])[] = [];

  constructor(made: Made) {
    const { steps } = made.job;
    this.made = made;
    this.loss = new Series(steps);
    this.accuracy = new Series(steps);
    this.seconds = new Float64Array(steps);
  }

  /** Steps done. */
  get steps(): number {
    return this.loss.length;
  }

  add(progress: Progress): void {
    const { loss, accuracy, validations, inspections, surface, weights, confusion } = progress;
    const seconds = this.#secondsBefore + progress.seconds;
    const from = this.steps;
    const start = from > 0 ? (this.seconds[from - 1] as number) : 0;
    this.loss.add(loss);
    this.accuracy.add(accuracy);
    for (let i = from; i < this.steps; i++)
      this.seconds[i] = start + ((i + 1 - from) / loss.length) * (seconds - start);
    this.validations.push(...validations);
    this.inspections.push(...inspections);
    this.surface = surface ?? this.surface;
    this.weights = weights ?? this.weights;
    this.confusion = confusion ?? this.confusion;
    this.#clock.push([this.steps, seconds]);
    while (this.#clock.length > 2 && seconds - (this.#clock[1]?.[1] ?? 0) > SPEED) this.#clock.shift();
  }

  /** Begins at a checkpoint's step: there are no numbers of the steps before it. */
  skip(steps: number): void {
    const none = new Float64Array(steps).fill(Number.NaN);
    this.loss.add(none);
    this.accuracy.add(none);
  }

  /** Back to a snapshot's step, to go on from there. */
  cut(step: number): void {
    this.loss.cut(step);
    this.accuracy.cut(step);
    this.#secondsBefore = step > 0 ? (this.seconds[step - 1] as number) : 0;
    for (const list of [this.validations, this.inspections]) {
      const keep = (list as { step: number }[]).findIndex((at) => at.step > step);
      if (keep >= 0) list.length = keep;
    }
    this.#clock.length = 0;
  }

  /** Steps a second of training, lately. */
  get speed(): number | undefined {
    const [first, last] = [this.#clock[0], this.#clock.at(-1)];
    if (!first || !last) return undefined;
    const [steps, seconds] = [last[0] - first[0], last[1] - first[1]];
    return steps > 0 && seconds > 0.05 ? steps / seconds : undefined;
  }

  /** The fingerprint of all losses so far. */
  get lossHash(): string {
    return lossHash(this.loss.raw.slice(0, this.steps));
  }
}
