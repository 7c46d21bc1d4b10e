// What kinds of schedules share: ends as shares of the value they scale, progress within a stretch of steps.
import { checkInteger, checkNumber, fail } from "../../core/check.ts";

/** Another value as a share of the one that is scaled; a value of 0, a control, stays 0. */
export const shareOf = (other: number, value: number): number => (value === 0 ? 0 : other / value);

/** The value and what it starts from or ends at, in its own unit. Throws where a shape cannot reach them. */
export function checkEnds(where: string, value: number, ends: Readonly<Record<string, number>> = {}): void {
  checkNumber(where, "value", value);
  for (const [name, end] of Object.entries(ends)) {
    checkNumber(where, name, end);
    if (value === 0 && end !== 0) {
      const way = name === "to" ? `rises from 0 to ${end}` : `${name} is ${end} beside a value of 0`;
      fail(where, `${way}, expected a start other than 0`, "a shape is relative to its start");
    }
  }
}

/** A length of a stretch, in steps; fractions are fine where the formula has them. */
export const checkSteps = (where: string, steps: number, name = "steps"): number =>
  checkNumber(where, name, steps, { min: 1 });

/** A number of steps that may be none. */
export const checkBegin = (where: string, begin: number, name = "begin"): number =>
  checkInteger(where, name, begin, { min: 0 });

/** How far step t is within `steps` steps from `begin` on: 0 before, 1 after. */
export const progress = (t: number, steps: number, begin = 0): number =>
  Math.min(Math.max(t - begin, 0), steps) / steps;

/** (1 + cos(pi x)) / 2: from 1 at x = 0 to 0 at x = 1. */
export const halfCosine = (x: number): number => (1 + Math.cos(Math.PI * x)) / 2;
