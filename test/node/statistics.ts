// Thresholds of the statistical tests. Seeds are fixed, so a test that passes once passes always; alpha says how unlikely a
// failure would have been for an ideal generator, before the seed was looked at.

/** Chi-square statistic of the counts against one expected value. */
export function chiSquare(counts: Iterable<number>, expected: number): number {
  let sum = 0;
  for (const count of counts) sum += (count - expected) ** 2 / expected;
  return sum;
}

/** Upper 1e-6 point of the standard normal. */
const UPPER = 4.7534;

/** Upper 1e-6 point of chi-square with `freedom` degrees of freedom (Wilson & Hilferty 1931; within 1 % from 3 on). */
export function chiSquareLimit(freedom: number): number {
  const t = 2 / (9 * freedom);
  return freedom * (1 - t + UPPER * Math.sqrt(t)) ** 3;
}

/** Two-sided 1e-6 point of the standard normal. */
export const NORMAL_LIMIT = 4.8916;
