// The learning rate range test (Smith 2017, Cyclical Learning Rates for Training Neural Networks, section 3.3): one short training
// whose lr grows exponentially, over several seeds at once, until the loss diverges.
import type { Backend } from "../backend/backend.ts";
import { checkInteger, checkKeys, checkNumber, fail } from "../core/check.ts";
import type { Optimizer } from "../optim/chain.ts";
import type { Schedule } from "../optim/schedule.ts";
import { exponentialDecay } from "../optim/schedules/decay.ts";
import { type RaceOptions, race } from "./race.ts";

export interface FindLrOptions extends Pick<RaceOptions, "data" | "model" | "loss" | "batch" | "order" | "signal"> {
  /** What is tested, of its lr: `(lr) => adamw({ lr, weightDecay: 0.01 })`. */
  readonly optimizer: (lr: Schedule) => Optimizer;
  /** The first lr; by default 1e-6. */
  readonly from?: number;
  /** The last lr; by default 10. */
  readonly to?: number;
  /** By default 100. */
  readonly steps?: number;
  /** All run at once, and each point is their median; by default 0, 1 and 2. */
  readonly seeds?: readonly number[];
}

const keys: readonly (keyof FindLrOptions)[] = [
  ...(["data", "model", "loss", "batch", "order", "signal", "optimizer", "from", "to", "steps", "seeds"] as const),
];

export interface LrPoint {
  readonly lr: number;
  /** Of the step's batch before its update with this lr: the median over the seeds. */
  readonly loss: number;
  /** The mean of the losses about it with triangular weights, over 5 % of the points to either side: it does not lag. */
  readonly smooth: number;
}

/** A range test's curve, as far as its losses were finite, and what lr it suggests. */
export interface LrCurve {
  readonly points: readonly LrPoint[];
  /** Where the smooth loss falls fastest over the logarithm of the lr: a good first choice. undefined where it never falls. */
  readonly steepest: number | undefined;
  /** A tenth of the lr at which the smooth loss is least, the other usual choice. */
  readonly minimumTenth: number | undefined;
  /** The lr at which it had diverged: not finite, or the running mean four times its least. undefined where it has not. */
  readonly diverged: number | undefined;
}

/** The sweep as a schedule: from `from` at step 0 to `to` at the last step, by equal factors. */
export function lrSweep(from: number, to: number, steps: number): Schedule {
  checkNumber("findLr", "from", from, { above: 0 });
  checkNumber("findLr", "to", to, { above: from });
  checkInteger("findLr", "steps", steps, { min: 20 });
  return exponentialDecay(from, (to / from) ** (1 / (steps - 1)));
}

/** Debiased running mean of about ten steps, and by how much it must exceed its least to count as diverged (fastai's factor). */
const KEEP = 0.9;
const DIVERGED = 4;
/** Steps before which a running mean is too short to tell. */
const FIRST = 10;

/** Says of losses, one after the other, at which they have diverged. */
export class Divergence {
  #mean = 0;
  #weight = 0;
  #least = Number.POSITIVE_INFINITY;
  #count = 0;

  next(loss: number): boolean {
    this.#mean = KEEP * this.#mean + (1 - KEEP) * loss;
    this.#weight = KEEP * this.#weight + 1 - KEEP;
    const mean = this.#mean / this.#weight;
    if (!Number.isFinite(mean)) return true;
    this.#least = Math.min(this.#least, mean);
    return ++this.#count > FIRST && mean > DIVERGED * this.#least;
  }
}

/** The median, NaN taken for the largest. */
export function medianLoss(values: readonly number[]): number {
  const sorted = values.map((value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value)).sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low = 0, high = 0] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === high ? low : (low + high) / 2;
}

/** Means with triangular weights over `reach` values to either side, fewer at the ends. */
function smoothed(values: readonly number[], reach: number): number[] {
  return values.map((_, i) => {
    let [sum, weight] = [0, 0];
    for (let j = Math.max(0, i - reach); j <= Math.min(values.length - 1, i + reach); j++) {
      const w = reach + 1 - Math.abs(i - j);
      sum += w * (values[j] ?? 0);
      weight += w;
    }
    return sum / weight;
  });
}

/** The slope over the logarithm of the lr by least squares, over `reach` points to either side. */
function slopeAt(points: readonly LrPoint[], i: number, reach: number): number {
  const about = points.slice(Math.max(0, i - reach), i + reach + 1);
  const x = about.map(({ lr }) => Math.log(lr));
  const middle = x.reduce((sum, value) => sum + value, 0) / x.length;
  const rise = about.reduce((sum, { smooth }, k) => sum + ((x[k] ?? 0) - middle) * smooth, 0);
  return rise / x.reduce((sum, value) => sum + (value - middle) ** 2, 0);
}

/** The curve of losses by lr, in order, up to where they diverge, and its suggestions. Pure. */
export function lrCurve(losses: readonly { readonly lr: number; readonly loss: number }[]): LrCurve {
  const divergence = new Divergence();
  const end = losses.findIndex(({ loss }) => divergence.next(loss));
  const diverged = end < 0 ? undefined : losses[end]?.lr;
  const kept = losses.slice(0, end < 0 ? undefined : end + 1).filter(({ loss }) => Number.isFinite(loss));
  const reach = Math.max(2, Math.round(losses.length / 20));
  const smooth = smoothed(
    kept.map(({ loss }) => loss),
    reach,
  );
  const points = kept.map(({ lr, loss }, i): LrPoint => ({ lr, loss, smooth: smooth[i] ?? loss }));
  const least = smooth.indexOf(Math.min(...smooth));
  const falls = points.map((_, i) => i).filter((i) => i >= reach && i <= least);
  const slopes = falls.map((i) => slopeAt(points, i, reach));
  const steepest = falls[slopes.indexOf(Math.min(...slopes, 0))];
  const minimum = steepest === undefined ? undefined : points[least]?.lr;
  return {
    points,
    steepest: steepest === undefined ? undefined : points[steepest]?.lr,
    minimumTenth: minimum === undefined ? undefined : minimum / 10,
    diverged,
  };
}

/**
 * The range test: trains `steps` steps with an lr that grows from `from` to `to` by equal factors, all seeds at once, and stops where
 * their median diverges. Nothing is kept of the training. Rejects for what train() rejects, and for a range or steps that cannot be.
 */
export async function findLr(backend: Backend, options: FindLrOptions): Promise<LrCurve> {
  checkKeys("findLr", options, keys);
  const { optimizer, from = 1e-6, to = 10, steps = 100, seeds = [0, 1, 2], ...task } = options;
  const sweep = lrSweep(from, to, steps);
  if (typeof optimizer !== "function")
    fail("findLr", "optimizer is no function of the lr", "write (lr) => adam({ lr })");
  const of = race(backend, { ...task, steps, seeds, entries: { sweep: optimizer(sweep) } });
  const losses: { lr: number; loss: number }[] = [];
  const divergence = new Divergence();
  try {
    for await (const { step, loss } of of) {
      const median = medianLoss(loss[0] ?? []);
      losses.push({ lr: from * (to / from) ** (step / (steps - 1)), loss: median });
      if (divergence.next(median)) break;
    }
  } finally {
    await of.close().catch(() => {});
  }
  return lrCurve(losses);
}
