// fall-line train --profile: where a step's time goes, dispatch by dispatch, as a table for people.
import type { Profile } from "../train/profile.ts";

const HEAD = ["dispatch", "us", "of step", "KB", "MFLOP", "GB/s", "GFLOP/s", "bound by", "of ceiling"];
const WIDEST = 44;

const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3))));
const percent = (value: number): string => `${digits(value)} %`;
const cut = (text: string): string => (text.length <= WIDEST ? text : `${text.slice(0, WIDEST - 3)}...`);

function rowOf({ name, milliseconds, bytes, flops, share }: Profile["dispatches"][number], step: number): string[] {
  const costs = [digits(bytes / 1000), digits(flops / 1e6)];
  if (milliseconds === undefined) return [cut(name), "-", "-", ...costs, "-", "-", "-", "-"];
  // A timestamp may be coarser than a dispatch is long.
  const rates = milliseconds > 0 ? [bytes, flops].map((cost) => digits(cost / (1e6 * milliseconds))) : ["-", "-"];
  const bound = share ? [share.bound, percent(share.percent)] : ["-", "-"];
  return [cut(name), digits(1000 * milliseconds), percent((100 * milliseconds) / step), ...costs, ...rates, ...bound];
}

/** The table, under a line that names the ceilings. */
export function profileText({ ceilings, dispatches }: Profile): string {
  const step = dispatches.reduce((sum, { milliseconds = 0 }) => sum + milliseconds, 0);
  const rows = [HEAD, ...dispatches.map((dispatch) => rowOf(dispatch, step || 1))];
  const widths = HEAD.map((_, i) => Math.max(...rows.map((row) => (row[i] as string).length)));
  const lines = rows.map((row) =>
    row
      .map((text, i) => (i === 0 || i === 7 ? text.padEnd(widths[i] as number) : text.padStart(widths[i] as number)))
      .join("  ")
      .trimEnd(),
  );
  const timed = dispatches.some(({ milliseconds }) => milliseconds !== undefined);
  const most = ceilings
    ? `ceilings of this adapter: ${digits(ceilings.gflops)} GFLOP/s, ${digits(ceilings.gigabytes)} GB/s, ${digits(ceilings.dispatchMicros)} us a small dispatch`
    : "no GPU: costs by the plan";
  const untimed = timed || !ceilings ? "" : "; it has no timestamps, so no times";
  return [`profile of a step, ${dispatches.length} dispatches; ${most}${untimed}`, ...lines].join("\n");
}
