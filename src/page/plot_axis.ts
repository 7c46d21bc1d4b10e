// Axes of line charts: ranges that move seldom, ticks at round numbers, linear or log.
import { logValues, niceValues } from "../report/scale.ts";
import { tidy } from "../report/words.ts";

export interface PlotAxis {
  readonly label: string;
  readonly scale?: "linear" | "log";
  /** Fixed ends; by default they fit the numbers. */
  readonly low?: number;
  readonly high?: number;
  /** A tick or a value in words; by default four digits without the zeros at the end. */
  readonly show?: (value: number) => string;
}

/** Values this many times below the highest are drawn at the floor of a log axis. */
const DEPTH = 1e-8;

/** The next of 1, 2, 5 times powers of ten down (-1) or up (1), so that an axis moves seldom. */
export function round125(value: number, direction: -1 | 1): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const digits = direction > 0 ? [1, 2, 5, 10] : [10, 5, 2, 1];
  const fits = (digit: number): boolean =>
    direction > 0 ? digit * power >= value * 0.999 : digit * power <= value * 1.001;
  return Number(((digits.find(fits) ?? 1) * power).toPrecision(12));
}

/** Both ends of an axis about numbers from `low` to `high`, which may be missing where there are none. */
export function axisRange(axis: PlotAxis, low: number | null, high: number | null): [number, number] {
  if (axis.scale === "log") {
    const top = axis.high ?? round125(high !== null && high > 0 ? high : 1, 1);
    const least = Math.max(low !== null && low > 0 ? low : top / 10, top * DEPTH);
    return [axis.low ?? Math.min(round125(least, -1), top / 10), top];
  }
  const bottom = axis.low ?? low ?? 0;
  const top = axis.high ?? high ?? bottom + 1;
  if (bottom >= top) return [bottom - 0.5, bottom + 0.5];
  const room = (top - bottom) * 0.05;
  return [axis.low ?? bottom - room, axis.high ?? top + room];
}

/** The ticks of an axis: at most about `most`. */
export function axisTicks({ scale }: PlotAxis, low: number, high: number, most: number): number[] {
  if (scale !== "log" || low <= 0) return niceValues(low, high, most);
  const values = logValues(low, high, most);
  return values.length > 1 ? values : niceValues(low, high, most);
}

export const axisWords = ({ show }: PlotAxis, value: number): string => (show ?? tidy)(value);
