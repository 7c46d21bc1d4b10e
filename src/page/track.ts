// Numbers of every step as they come: kept whole, smoothed for the eye, thinned for the pixels.

/** A debiased exponential mean over about `span` steps; numbers that are not finite are passed over. */
export class Smooth {
  readonly #keep: number;
  #sum = 0;
  #weight = 0;

  constructor(span: number) {
    this.#keep = 1 - 1 / Math.max(1, span);
  }

  next(value: number): number {
    if (Number.isFinite(value)) {
      this.#sum = this.#keep * this.#sum + (1 - this.#keep) * value;
      this.#weight = this.#keep * this.#weight + (1 - this.#keep);
    }
    return this.#weight === 0 ? Number.NaN : this.#sum / this.#weight;
  }
}

/** One number a step, for at most `steps` steps. */
export class Track {
  readonly raw: Float32Array;
  readonly smooth: Float32Array;
  readonly #smoother: Smooth;
  length = 0;

  constructor(steps: number, span: number) {
    this.raw = new Float32Array(steps);
    this.smooth = new Float32Array(steps);
    this.#smoother = new Smooth(span);
  }

  add(values: Float32Array): void {
    for (const value of values.subarray(0, this.raw.length - this.length)) {
      this.raw[this.length] = value;
      this.smooth[this.length] = this.#smoother.next(value);
      this.length++;
    }
  }

  get last(): number | undefined {
    return this.smooth[this.length - 1];
  }
}

/** Least and greatest finite number; undefined when there is none. */
export function extent(values: Iterable<number>): { low: number; high: number } | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? { low, high } : undefined;
}

/** A column of pixels: the steps from `from` to `to` (excluded) and the finite extent of their numbers. */
export interface Column {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

/** At most `columns` groups of neighbouring steps over [0, steps), with the least and greatest number of each: no spike is lost. */
export function thin(values: Float32Array, steps: number, columns: number): Column[] {
  const groups = Math.min(steps, Math.max(1, columns));
  const result: Column[] = [];
  for (let i = 0; i < groups; i++) {
    const from = Math.floor((i * steps) / groups);
    const to = Math.min(values.length, Math.floor(((i + 1) * steps) / groups));
    if (from >= values.length) break;
    const found = extent(values.subarray(from, to));
    if (found) result.push({ from, to, ...found });
  }
  return result;
}
