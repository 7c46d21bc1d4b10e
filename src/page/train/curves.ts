// From a history to what a chart draws: raw extremes by pixel column, the smoothed line, validations at their steps.
import type { PlotData } from "../plot.tsx";
import type { Series } from "./history.ts";

export type Across = "steps" | "samples" | "seconds";

interface Curves {
  readonly series: Series;
  readonly smoothing: number;
  /** Where a training of `done` steps lies along x. */
  readonly place: (done: number) => number;
  readonly validations: readonly { readonly step: number; readonly value: number }[];
  readonly columns: number;
}

/** The least and the greatest finite number of [from, to); undefined when there is none. */
export function extent(
  values: ArrayLike<number>,
  from = 0,
  to = values.length,
): { low: number; high: number } | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? { low, high } : undefined;
}

type Row = readonly [x: number, raw: number | null, smooth: number | null, validation: number | null];

/** The training's rows: one a step, or two a column of neighbouring steps (its extremes), so that no spike is lost. */
function trainingRows({ series, smoothing, place, columns }: Curves): Row[] {
  const { length, raw } = series;
  const smooth = series.smooth(smoothing);
  const groups = Math.min(length, columns);
  const rows: Row[] = [];
  for (let i = 0; i < groups; i++) {
    const from = Math.floor((i * length) / groups);
    const to = Math.floor(((i + 1) * length) / groups);
    const found = extent(raw, from, to);
    const x = place(from);
    const middle = smooth[from] as number;
    const line = Number.isFinite(middle) ? middle : null;
    rows.push([x, found?.high ?? null, line, null]);
    if (found && found.low !== found.high) rows.push([x, found.low, null, null]);
  }
  return rows;
}

/** x, raw, smoothed, validation: sorted by x. The loss of step t is of t steps done, before its update. */
export function curveData(curves: Curves): PlotData {
  const training = trainingRows(curves);
  const checks = curves.validations.map(({ step, value }): Row => {
    return [curves.place(step), null, null, Number.isFinite(value) ? value : null];
  });
  const rows = [...training, ...checks].sort((a, b) => a[0] - b[0]);
  return [0, 1, 2, 3].map((column) => rows.map((row) => row[column] as number | null));
}
