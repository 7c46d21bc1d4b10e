// Whether a series grows: a line through it by least squares, and how sure its slope is.

/**
 * @typedef {{ at: number, value: number }} Sample `at`: steps done, `value`: bytes
 * @typedef {{ slope: number, error: number, growth: number, grows: boolean }} Trend slope and its standard error in bytes a step,
 *   growth in bytes over the series
 */

/** The least that a step could leave behind for ever: one number. In bytes. */
const NUMBER = 8;
/** Standard errors that a slope must be above the least: by chance 1 in 30,000 of a normal one is. */
const SURE = 4;

/**
 * The trend of a series; it grows where its slope is surely above one number a step. Throws for fewer than 8 samples.
 * @param {readonly Sample[]} samples @returns {Trend}
 */
export function trendOf(samples) {
  const n = samples.length;
  if (n < 8) throw new Error(`soak: there are ${n} samples, expected at least 8; give more --minutes`);
  const mean = (/** @type {(sample: Sample) => number} */ of) => samples.reduce((sum, one) => sum + of(one), 0) / n;
  const [x, y] = [mean(({ at }) => at), mean(({ value }) => value)];
  const spread = n * mean(({ at }) => (at - x) ** 2);
  const slope = (n * mean(({ at, value }) => (at - x) * (value - y))) / spread;
  const rest = n * mean(({ at, value }) => (value - y - slope * (at - x)) ** 2);
  const error = Math.sqrt(rest / (n - 2) / spread);
  const [first, last] = [samples[0]?.at ?? 0, samples.at(-1)?.at ?? 0];
  return { slope, error, growth: slope * (last - first), grows: slope - SURE * error > NUMBER };
}
