// Medians, their intervals, and when two entries may be called different. Losses are averaged as ratios ("log" spacing).
// A diverged run is +Infinity, the worst there is: it takes part in every median and is never dropped.
import { fail } from "../core/check.ts";
import { hash, streams } from "../core/random.ts";

/** How to go half way between two values: by the sum, or by the ratio (positive values only, else by the sum). */
export type Spacing = "linear" | "log";

/** Where a median lies. `range` is the least and greatest value, `bootstrap` a 95 % interval; `count` values were seen. */
export interface Interval {
  readonly kind: "range" | "bootstrap";
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Below this many values an interval would be a pretence: the range is given, and called one. */
export const BOOTSTRAP_FROM = 6;

/** 2.5 % and 97.5 % of 2001 sorted resamples fall on the 51st and 1951st exactly. */
const RESAMPLES = 2001;

function sorted(where: string, values: readonly number[]): Float64Array {
  if (values.length === 0) fail(where, "0 values, expected at least 1");
  values.forEach((value, i) => {
    if (Number.isNaN(value)) fail(where, `value ${i} is NaN, expected a number`, "a diverged run counts as Infinity");
  });
  return Float64Array.from(values).sort();
}

function between(low: number, high: number, share: number, spacing: Spacing): number {
  if (share === 0 || low === high || low === Number.NEGATIVE_INFINITY) return low;
  if (high === Number.POSITIVE_INFINITY) return high;
  return spacing === "log" && low > 0 ? low * (high / low) ** share : low + share * (high - low);
}

/** Type 7 of Hyndman & Fan 1996 (numpy's and R's default): position (n - 1) q of the sorted values, interpolated. */
export function quantile(values: readonly number[], q: number, spacing: Spacing = "linear"): number {
  if (!(q >= 0 && q <= 1)) fail("quantile", `q is ${q}, expected 0 to 1`);
  const order = sorted("quantile", values);
  const position = (order.length - 1) * q;
  const below = Math.floor(position);
  return between(order[below]!, order[Math.min(below + 1, order.length - 1)]!, position - below, spacing);
}

/** The middle value, or the mean of the two middle ones (their geometric mean with "log" spacing). */
export function median(values: readonly number[], spacing: Spacing = "linear"): number {
  return quantile(values, 0.5, spacing);
}

interface Middle {
  readonly low: number;
  readonly high: number;
  readonly times: number;
}

const middlesOf = new Map<number, readonly Middle[]>();

/**
 * The two middle ranks of every resample of n values, with how often each pair came up. A resample's median depends on ranks
 * alone, so one table per n serves every set of n values. Draws are keyed by (n, resample, i): the same on every machine.
 */
function middles(n: number): readonly Middle[] {
  const known = middlesOf.get(n);
  if (known) return known;
  const times = new Map<number, number>();
  const ranks = new Float64Array(n);
  for (let resample = 0; resample < RESAMPLES; resample++) {
    for (let i = 0; i < n; i++) ranks[i] = Math.floor(hash(n, streams.draw, resample, i) * 2 ** -32 * n);
    ranks.sort();
    const pair = ranks[(n - 1) >> 1]! * n + ranks[n >> 1]!;
    times.set(pair, (times.get(pair) ?? 0) + 1);
  }
  const table = [...times].map(([pair, count]) => ({ low: Math.floor(pair / n), high: pair % n, times: count }));
  middlesOf.set(n, table);
  return table;
}

function bootstrap(order: Float64Array, spacing: Spacing): { low: number; high: number } {
  const medians = middles(order.length)
    .map(({ low, high, times }) => ({ value: between(order[low]!, order[high]!, 0.5, spacing), times }))
    .sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
  const at = (place: number): number => {
    let seen = 0;
    return medians.find(({ times }) => {
      seen += times;
      return seen > place;
    })!.value;
  };
  return { low: at((RESAMPLES - 1) * 0.025), high: at((RESAMPLES - 1) * 0.975) };
}

/**
 * Where the median of `values` lies: from 6 values on the 95 % percentile bootstrap interval (Efron 1979; 2,001 resamples,
 * deterministic), below that the plain range.
 */
export function interval(values: readonly number[], spacing: Spacing = "linear"): Interval {
  const order = sorted("interval", values);
  const count = order.length;
  if (count < BOOTSTRAP_FROM) return { kind: "range", low: order[0]!, high: order[count - 1]!, count };
  return { kind: "bootstrap", ...bootstrap(order, spacing), count };
}

/** P(A < B): the share of all pairs (a, b) with a < b, ties counting half (Mann & Whitney 1947: U over n m). */
export function probabilityLess(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) fail("probabilityLess", "0 values, expected at least 1 on either side");
  let wins = 0;
  for (const x of a) for (const y of b) wins += x < y ? 1 : x === y ? 0.5 : 0;
  return wins / (a.length * b.length);
}

/** The chance that two equal entries with n and m seeds come apart completely, in either order: 2 / C(n + m, n). */
export function luck(n: number, m: number): number {
  let ways = 1;
  for (let i = 1; i <= n; i++) ways = (ways * (m + i)) / i;
  return Math.min(1, 2 / ways);
}

/**
 * Whether two entries may be called different: their intervals do not touch. With ranges it takes 3 seeds each besides,
 * since equal entries with 2 seeds come apart by luck 1 time in 3, with 3 seeds 1 in 10.
 */
export function separable(a: Interval, b: Interval): boolean {
  if (Math.min(a.count, b.count) < 3) return false;
  return a.high < b.low || b.high < a.low;
}

/** 95 % interval of a share seen in n independent examples (Wilson 1927). */
export function wilson(share: number, n: number): { low: number; high: number } {
  const z2 = 1.959963984540054 ** 2;
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = Math.sqrt(z2 * ((share * (1 - share)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
