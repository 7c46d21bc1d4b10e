// A race in numbers while it runs and when it is over: medians and bands over seeds, steps to a target, what each optimizer costs.
import type { Facts, Point } from "../../cli/job.ts";
import { median, quantile } from "../../report/statistics.ts";

/** A loss that is not finite is the worst there is: it counts in every median and is never dropped. */
const worst = (loss: number | undefined): number =>
  loss !== undefined && Number.isFinite(loss) ? loss : Number.POSITIVE_INFINITY;

/** An entry's losses over its seeds at a point. */
export const lossesAt = ({ loss }: Point, entry: number, seeds: number): number[] =>
  Array.from({ length: seeds }, (_, j) => worst(loss[entry * seeds + j]));

export interface Curve {
  /** One for each point; null where more than half of the runs have diverged. */
  readonly middle: readonly (number | null)[];
  /** Least and greatest below 6 seeds, else quartiles; null where the end is a diverged run. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** From this many seeds on a band is the middle half, below it all there is. */
export const QUARTILES_FROM = 6;

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** An entry's median and band over its seeds, point by point. */
export function curveOf(points: readonly Point[], entry: number, seeds: number): Curve {
  const [from, to] = seeds < QUARTILES_FROM ? [0, 1] : [0.25, 0.75];
  const all = points.map((point) => lossesAt(point, entry, seeds));
  return {
    middle: all.map((losses) => finite(median(losses, "log"))),
    low: all.map((losses) => finite(quantile(losses, from, "log"))),
    high: all.map((losses) => finite(quantile(losses, to, "log"))),
  };
}

export interface Reached {
  /** The median over seeds of the first logged step at or below the target; undefined where half or more never were. */
  readonly steps: number | undefined;
  readonly runs: number;
}

/** When an entry's runs first came to a training loss (each point the mean of its window) at or below the target. */
export function reachedOf(
  points: readonly Point[],
  entry: number,
  { seeds, target }: { seeds: number; target: number },
): Reached {
  const firsts = Array.from({ length: seeds }, (_, j) => {
    const at = points.find(({ loss }) => worst(loss[entry * seeds + j]) <= target);
    return at ? at.step : Number.POSITIVE_INFINITY;
  });
  const steps = median(firsts);
  return { steps: Number.isFinite(steps) ? steps : undefined, runs: firsts.filter(Number.isFinite).length };
}

/** A target that tells entries apart: the loss that the better half of them ends at or below. */
export function usualTarget(points: readonly Point[], { entries, seeds }: Pick<Facts, "entries" | "seeds">): number {
  const last = points.at(-1);
  if (!last) return 0;
  const ends = entries.map((_, i) => median(lossesAt(last, i, seeds.length), "log")).filter(Number.isFinite);
  if (ends.length === 0) return 0;
  return Number((median(ends, "log") * 1.005).toPrecision(2));
}
