// Known answers of other libraries: whole trainings through a population, update rules through their f64 references.
import { describe, expect, it } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import type { Optimizer } from "../../src/optim/chain.ts";
import { adam, adamw, sgd } from "../../src/optim/index.ts";
import { chain, clipByGlobalNorm, descend, scaleByAdam } from "../../src/optim/index.ts";
import rulesJson from "../golden/rules.json?raw";
import extraJson from "../golden/rules_extra.json?raw";
import {
  type Known,
  mlpProblem,
  numbersOf,
  openProblem,
  type Outcome,
  play,
  type Problem,
  residualProblem,
  STEPS,
} from "../harness/golden.ts";
import { replay, rosenbrock, rosenbrockGradient, TAPE_START, tapeGradient } from "./support/replay.ts";

/** Half a unit in the last place of f32, relative. */
const U = 2 ** -24;
/** How far a hyperparameter is moved to see what it does. */
const DELTA = 2 ** -10;

interface Moved {
  readonly optimizer: Optimizer;
  /** By how much a hyperparameter, or one step's direction, may be off, in units of what was moved here. */
  readonly error: number;
}

/**
 * What rounding to f32 can do. Hyperparameters and what is derived of them are rounded once (DESIGN: so that every backend has the
 * same), which is as if each were off by U of itself, and as if each step were too long by some U: lr (factor, shape and
 * product: 3), rest1, m_scale and, under the root, half of rest2 and v_scale (3). Dampening counts absolutely, for 1 - dampening is
 * rounded. Each is moved by DELTA and the outcome's change, scaled to its error, is what it may do.
 */
function moved({ hypers, shape, optimizer }: Known): Moved[] {
  const steps = Array.from({ length: STEPS }, (_, s): Moved => {
    const lr = (t: number) => hypers.lr * shape(t) * (t === s ? 1 + DELTA : 1);
    return { optimizer: optimizer({ lr }), error: (6 * U) / DELTA };
  });
  const others = Object.entries(hypers)
    .filter(([name]) => name !== "lr")
    .map(([name, value]): Moved => {
      const absolute = name === "dampening";
      // A beta moved upwards by 1/1024 would pass 1.
      const by = name === "beta2" ? -DELTA : DELTA;
      return { optimizer: optimizer({ [name]: absolute ? value + by : value * (1 + by) }), error: U / DELTA };
    });
  return [...steps, ...others];
}

/** First order, with a quarter on top for what is left of it; 1e-13 for f64's own rounding on the way. */
const tolerance = (
  at: number,
  name: number,
  i: number,
  base: Outcome,
  outcomes: readonly Outcome[],
  all: readonly Moved[],
): number =>
  outcomes.reduce(
    (total, outcome, k) => {
      const change = (numbersOf(outcome)[name]?.values[i] as number) - (numbersOf(base)[name]?.values[i] as number);
      return total + 1.25 * Math.abs(change) * (all[k] as Moved).error;
    },
    1e-13 * Math.max(1, Math.abs(at)),
  );

async function check(problem: Problem, known: Known, fused: boolean): Promise<void> {
  const all = moved(known);
  const population = await openProblem(
    openCpu({ precision: 64 }),
    problem,
    [known.optimizer(), ...all.map(({ optimizer }) => optimizer)],
    { fused },
  );
  const [got, ...outcomes] = (await play(population, problem)) as [Outcome, ...Outcome[]];
  population.dispose();
  const [found, wanted] = [numbersOf(got), numbersOf(known.want)];
  expect(found.map(({ name }) => name)).toEqual(wanted.map(({ name }) => name));
  let largest = 0;
  wanted.forEach(({ name, values }, n) => {
    values.forEach((want, i) => {
      const allowed = tolerance(want, n, i, got, outcomes, all);
      largest = Math.max(largest, allowed);
      const is = found[n]?.values[i] as number;
      expect(Math.abs(is - want), `${name} [${i}]: ${is}, expected ${want}`).toBeLessThanOrEqual(allowed);
    });
  });
  // The tolerance itself must stay one of f32 rounding.
  expect(largest).toBeLessThan(1e-6);
}

describe("whole trainings, against PyTorch in f64", () => {
  const problems = [mlpProblem(), residualProblem()];
  const runs = problems.flatMap((problem) =>
    problem.known.map((known): [string, Problem, Known] => [known.name, problem, known]),
  );
  it.each(runs)("%s: losses, gradients at steps 1 and 10, end", (_, problem, known) => check(problem, known, false));
  it.each(runs.slice(0, 1))("%s: the same from a fused plan", (_, problem, known) => check(problem, known, true));
});

type Tape = Readonly<Record<string, readonly number[]>>;

interface RuleEntry {
  readonly tape: Tape;
  readonly rosen: Tape & { readonly lr: number; readonly f100: number };
}

const rules = (JSON.parse(rulesJson) as { rules: Record<string, RuleEntry> }).rules;
const extra = (JSON.parse(extraJson) as { entries: Record<string, { tape: Tape }> }).entries;

/** Numbers after steps 1, 2, 3, 10, 100 to a relative 1e-9: the goldens are f64 themselves, 100 steps of rounding apart. */
function matches(path: readonly (readonly number[])[], tape: Tape): void {
  const times = Object.keys(tape).filter((t) => Number.isInteger(Number(t)));
  expect(times.length).toBeGreaterThanOrEqual(3);
  for (const t of times) {
    path[Number(t) - 1]?.forEach((x, i) => {
      const want = tape[t]?.[i] as number;
      expect(Math.abs(x - want), `step ${t} [${i}]: ${x}, expected ${want}`).toBeLessThanOrEqual(
        1e-9 * Math.max(1, Math.abs(want)),
      );
    });
  }
}

const onTape = (optimizer: Optimizer): number[][] => replay(optimizer, TAPE_START, 100, (_, t) => tapeGradient(t));

describe("update rules in f64, hyperparameters as given", () => {
  const presets: Record<string, (lr: number) => Optimizer> = {
    sgd: (lr) => sgd({ lr }),
    sgd_heavyball: (lr) => sgd({ lr, momentum: 0.9 }),
    sgd_nesterov: (lr) => sgd({ lr, momentum: 0.9, nesterov: true }),
    adam: (lr) => adam({ lr }),
    adamw: (lr) => adamw({ lr }),
  };

  it.each(Object.keys(presets))("%s on the tape and on Rosenbrock", (name) => {
    const preset = presets[name] as (typeof presets)[string];
    const { tape, rosen } = rules[name] as RuleEntry;
    matches(onTape(preset(name.startsWith("adam") ? 1e-3 : 1e-2)), tape);
    const path = replay(preset(rosen.lr), [-1.2, 1], 100, rosenbrockGradient);
    matches(path, Object.fromEntries(["1", "10", "100"].map((t) => [t, rosen[t] as readonly number[]])));
    expect(Math.abs(rosenbrock(path[99] as number[]) - rosen.f100)).toBeLessThanOrEqual(1e-9 * rosen.f100);
  });

  // lr, then options that rules.json leaves at their defaults.
  it.each<[string, Optimizer]>([
    ["sgd_dampening", sgd({ lr: 0.01, momentum: 0.9, dampening: 0.5 })],
    ["sgd_decay", sgd({ lr: 0.01, weightDecay: 0.1 })],
    ["sgd_all", sgd({ lr: 0.01, momentum: 0.9, dampening: 0.1, weightDecay: 0.1 })],
    ["sgd_nesterov_decay", sgd({ lr: 0.01, momentum: 0.9, nesterov: true, weightDecay: 0.1 })],
    ["clip_norm_sgd", sgd({ lr: 0.1, clip: 1 })],
    ["adam_l2", adam({ weightDecay: 0.1 })],
    ["adam_wide", adam({ lr: 0.01, beta1: 0.8, beta2: 0.95, eps: 0.1 })],
    ["adamw_wide", adamw({ lr: 0.01, beta1: 0.8, beta2: 0.95, eps: 0.1, weightDecay: 0.1 })],
    ["clip_norm_adam", chain(clipByGlobalNorm(1, { eps: 0 }), scaleByAdam(), descend())],
    ["clip_norm_adam_torch", adam({ clip: 1 })],
  ])("%s on the tape", (name, optimizer) => {
    matches(onTape(optimizer), extra[name]?.tape as Tape);
  });

  it("a known fault of another program is told apart: no debiasing of the second moment", () => {
    const { tape } = rules.adam_convnetjs_BUG as RuleEntry;
    const [first] = onTape(adam()) as [number[]];
    first.forEach((x, i) => void expect(Math.abs(x - (tape["1"]?.[i] as number))).toBeGreaterThan(1e-3));
  });
});
