// Plays a chain's f64 references on gradients from outside, with hyperparameters as they were given: not rounded to
// f32.
import type { Optimizer } from "../../src/optim/chain.ts";
import { type Rule, ruleNamed, type Values } from "../../src/optim/rule.ts";
import { isSchedule, valueAt } from "../../src/optim/schedule.ts";

/** Where parameters start, and their gradient at step t = 1, 2, ... */
export interface Problem {
  readonly start: readonly number[];
  readonly gradient: (t: number, p: readonly number[]) => readonly number[];
}

/** The tape of test/golden: g_i(t) = cos(.7 t i) 10^(i - 2) + .1 i, i = 1..4, whatever p is. */
export const tape: Problem = {
  start: [1, -2, 3, 0.5],
  gradient: (t) => [1, 2, 3, 4].map((i) => Math.cos(0.7 * t * i) * 10 ** (i - 2) + 0.1 * i),
};

/** (1 - x)^2 + 100 (y - x^2)^2 from (-1.2, 1). */
export const rosenbrock: Problem = {
  start: [-1.2, 1],
  gradient: (_, [x = 0, y = 0]) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
};

/** A problem whose gradients are p's own function of the step alone, or constant. */
export const gradients = (start: readonly number[], of: (t: number) => readonly number[]): Problem => ({
  start,
  gradient: of,
});

export interface PlayOptions {
  /** The rule to play for a name; the registry's own unless a test plants a mistake. */
  readonly ruleOf?: (name: string) => Rule;
  /** What a number becomes when it is stored, or handed to the next rule: Math.fround for a rough f32. */
  readonly store?: (x: number) => number;
  /** The number of the first step, for optimizers that have run long. */
  readonly from?: number;
}

/** Sums over all of u that a rule asks for. */
function reductionOf(rule: Rule, u: readonly number[]): Values {
  if (!rule.reduces) return {};
  const { field, kind } = rule.reduces;
  if (kind !== "squaredNorm")
    throw new Error(`replay-reference: ${rule.name} reduces by ${kind}, which is not played here`);
  return { [field]: u.reduce((sum, x) => sum + x * x, 0) };
}

/**
 * p before the first step and after each of `steps` steps: [steps + 1][size]. Functions of the step are played as they
 * are.
 */
export function play(
  optimizer: Optimizer,
  { start, gradient }: Problem,
  steps: number,
  options: PlayOptions = {},
): number[][] {
  const { ruleOf = ruleNamed, store = (x) => x, from = 1 } = options;
  const links = optimizer.links.map(({ rule: name, options: given }) => {
    const rule = ruleOf(name);
    return { rule, given, state: start.map(() => new Array<number>(rule.slots).fill(0)) };
  });
  let p = [...start];
  const path = [p];
  for (let t = from; t < from + steps; t++) {
    let u = [...gradient(t, p)];
    for (const { rule, given, state } of links) {
      const fields = { ...rule.fields(valuesAt(given, t), t), ...reductionOf(rule, u) };
      u = u.map((value, i) => store(rule.reference(value, p[i] as number, fields, state[i] as number[])));
      for (const own of state) for (let k = 0; k < own.length; k++) own[k] = store(own[k] as number);
    }
    p = p.map((value, i) => store(value - (u[i] as number)));
    path.push(p);
  }
  return path;
}

/** Hyperparameters at step t = 1, 2, ...; schedules and functions count from 0. */
function valuesAt(given: Optimizer["links"][number]["options"], t: number): Values {
  const entries = Object.entries(given).map(([name, value]) => {
    if (typeof value === "function") return [name, (value as (t: number) => number)(t - 1)];
    return [name, isSchedule(value) ? valueAt(value, t - 1) : value];
  });
  return Object.fromEntries(entries) as Values;
}
