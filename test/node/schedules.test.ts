// Schedules against PyTorch's and optax' values, as plain data, as shapes that runs share, and as what chains make of them.
import { describe, expect, it, test } from "vitest";
import { link, type Optimizer } from "../../src/optim/chain.ts";
import { compileChain } from "../../src/optim/compile.ts";
import * as o from "../../src/optim/index.ts";
import type { Rule, Schedule } from "../../src/optim/index.ts";
import { scalarFields } from "../../src/optim/scalars.ts";
import { scheduleKind } from "../../src/optim/schedule.ts";
import { seriesOf } from "../../src/scheduler/steps.ts";
import json from "../golden/schedules.json?raw";
import { examples } from "../harness/schedules.ts";
import { COUNTS, SWITCHES } from "../../src/validate/settings.ts";

interface Entry {
  readonly library: string;
  readonly values: readonly number[];
  readonly momentum?: readonly number[];
  readonly losses?: readonly number[];
}

const golden = (JSON.parse(json) as { schedules: Record<string, Entry> }).schedules;
const entry = (name: string): Entry => golden[name] as Entry;

const valuesOf = (spec: Schedule, steps: number): number[] =>
  Array.from({ length: steps }, (_, t) => o.valueAt(spec, t));

/** The files' rule: closed forms agree to 1e-12 relative plus 1e-15. */
function same(got: readonly number[], want: readonly number[]): void {
  expect(got.length).toBe(want.length);
  got.forEach((value, t) => {
    const x = want[t] as number;
    expect(Math.abs(value - x), `step ${t}: ${value} for ${x}`).toBeLessThanOrEqual(1e-12 * Math.abs(x) + 1e-15);
  });
}

const restart = (from: number, peak: number, warm: number, steps: number, to: number): Schedule =>
  o.warmup(o.cosine(peak, steps - warm, { to }), warm, { from });
const options25 = { pctStart: 0.4, divFactor: 10, finalDivFactor: 100 };
const knots = [0, 4, 9, 20];
const factors = [1, 0.5, 0.05, 0.1];

/** By entry of schedules.json: this library's own. */
const specs: Record<string, Schedule> = {
  step: o.stepDecay(1, 3),
  multi_step: o.multiStepDecay(1, [2, 5, 11]),
  constant: o.constantFactor(1, 5),
  linear: o.linearSchedule(1, 5),
  linear_decay: o.linearDecay(1, 20),
  exponential: o.exponentialDecay(1, 0.9),
  polynomial: o.polynomialDecay(1, 5, { power: 2 }),
  polynomial_half: o.polynomialDecay(1, 20, { power: 0.5 }),
  cosine: o.cosine(1, 10, { to: 0.1, bounce: true }),
  cosine_zero: o.cosine(1, 10, { bounce: true }),
  warm_restarts: o.cosineRestarts(1, 4, { mult: 2 }),
  warm_restarts_equal: o.cosineRestarts(1, 5, { to: 0.1 }),
  one_cycle: o.oneCycle(1, 10),
  one_cycle_25: o.oneCycle(1, 25),
  one_cycle_linear: o.oneCycle(1, 10, { anneal: "linear" }),
  one_cycle_three_phase: o.oneCycle(1, 10, { threePhase: true }),
  one_cycle_options: o.oneCycle(0.5, 25, options25),
  cyclic_triangular: o.cyclic(0.1, 1, { up: 3 }),
  cyclic_triangular2: o.cyclic(0.1, 1, { up: 3, mode: "triangular2" }),
  cyclic_exp_range: o.cyclic(0.1, 1, { up: 3, mode: "exp", gamma: 0.9 }),
  cyclic_uneven: o.cyclic(0.1, 1, { up: 2, down: 5 }),
  lambda: o.inverseTime(1, 0.5),
  multiplicative: o.sampled(
    (t) => Array.from({ length: t }, (_, i) => 1 - 0.5 / (i + 2)).reduce((product, x) => product * x, 1),
    25,
  ),
  sequential: o.sequentialSchedule(
    [o.linearSchedule(1, 5, { startFactor: 0.2 }), o.cosine(1, 10, { bounce: true }), o.exponentialDecay(1, 0.9)],
    [5, 15],
  ),
  chained: o.productSchedule(o.linearSchedule(1, 5, { startFactor: 0.2 }), o.exponentialDecay(1, 0.9)),
  swa: o.cosine(1, 5, { to: 0.05 }),
  swa_linear: o.linearDecay(1, 5, { to: 0.05 }),
  plateau: o.plateau(1, { factor: 0.5, patience: 2, every: 1, delay: 0 }),
  plateau_absolute: o.plateau(1, {
    factor: 0.5,
    patience: 2,
    threshold: 0.15,
    thresholdMode: "abs",
    every: 1,
    delay: 0,
  }),
  plateau_cooldown: o.plateau(1, { patience: 1, cooldown: 3, min: 0.005, every: 1, delay: 0 }),
  plateau_max: o.plateau(1, { mode: "max", factor: 0.5, patience: 2, every: 1, delay: 0 }),
  cosine_decay: o.cosine(1, 10, { to: 0.1 }),
  cosine_decay_power: o.cosine(1, 10, { power: 2 }),
  warmup_cosine: restart(0, 1, 3, 10, 0.1),
  cosine_one_cycle: o.oneCycle(1, 10, { steps: "optax" }),
  linear_one_cycle: o.piecewise(1, [0, 3, 8, 10], [1 / 25, 1, 1 / 25, 1 / 25e4]),
  exponential_decay: o.exponentialDecay(1, 0.5, { every: 5 }),
  exponential_staircase: o.exponentialDecay(1, 0.5, { every: 5, begin: 2, staircase: true, to: 0.2 }),
  warmup_exponential: o.warmup(o.exponentialDecay(1, 0.5, { every: 5 }), 4),
  polynomial_schedule: o.polynomialDecay(1, 10, { power: 2, to: 0.1, begin: 3 }),
  linear_schedule: o.linearDecay(1, 10, { to: 0.1, begin: 3 }),
  warmup_constant: o.warmup(1, 4),
  piecewise_constant: o.multiStepDecay(1, [4, 9, 20], { gamma: [0.5, 0.1, 2] }),
  piecewise_linear: o.piecewise(1, knots, factors),
  piecewise_cosine: o.piecewise(1, knots, factors, { anneal: "cosine" }),
  sgdr: o.sequentialSchedule([restart(0, 1, 2, 8, 0.1), restart(0.1, 0.5, 2, 12, 0)], [8]),
  join: o.sequentialSchedule([o.linearSchedule(1, 4, { startFactor: 0 }), 1, o.linearDecay(1, 8)], [4, 14]),
};

/** The values of steps 0, 1, ... where a listener hears each step's loss before the next. */
function heard(spec: Schedule, losses: readonly number[]): number[] {
  const listener = scheduleKind(spec).listen?.(spec, 0);
  if (!listener) throw new Error(`${spec.kind} does not listen`);
  return losses.map((loss, t) => {
    expect(listener.horizon()).toBeGreaterThan(t);
    const value = o.valueAt(listener.spec, t);
    listener.tell(loss);
    return value;
  });
}

describe("PyTorch's and optax' values", () => {
  test.each(Object.entries(specs))("%s", (name, spec) => {
    const { values, losses } = entry(name);
    same(losses ? heard(spec, losses) : valuesOf(spec, values.length), values);
  });

  test("every entry of the file has one", () => {
    expect(Object.keys(specs).sort()).toEqual(Object.keys(golden).sort());
  });

  test.each<[string, Schedule]>([
    ["one_cycle", o.oneCycleMomentum(10)],
    ["one_cycle_25", o.oneCycleMomentum(25)],
    ["one_cycle_linear", o.oneCycleMomentum(10, { anneal: "linear" })],
    ["one_cycle_three_phase", o.oneCycleMomentum(10, { threePhase: true })],
    ["one_cycle_options", o.oneCycleMomentum(25, { ...options25, base: 0.8, max: 0.99 })],
    ["cyclic_triangular", o.cyclic(0.9, 0.8, { up: 3 })],
    ["cyclic_triangular2", o.cyclic(0.9, 0.8, { up: 3, mode: "triangular2" })],
    ["cyclic_exp_range", o.cyclic(0.9, 0.8, { up: 3, mode: "exp", gamma: 0.9 })],
    ["cyclic_uneven", o.cyclic(0.9, 0.8, { up: 2, down: 5 })],
  ])("the momentum of %s", (name, spec) => {
    const { momentum = [] } = entry(name);
    same(valuesOf(spec, momentum.length), momentum);
  });

  test("every momentum of the file is compared", () => {
    const moved = Object.keys(golden).filter((name) => entry(name).momentum);
    expect(moved.length).toBe(9);
  });
});

describe("values of the papers and of other programs", () => {
  const printed = (spec: Schedule, want: readonly number[], digits = 6): void =>
    want.forEach((x, t) => void expect(o.valueAt(spec, t), `step ${t}`).toBeCloseTo(x, digits));

  test.each<[string, Schedule, readonly number[]]>([
    ["step", o.stepDecay(1, 3), [1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01]],
    ["multi-step", o.multiStepDecay(1, [2, 5]), [1, 1, 0.1, 0.1, 0.1, 0.01]],
    ["constant factor", o.constantFactor(1, 5), [1 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 1]],
    ["linear", o.linearSchedule(1, 5), [1 / 3, 7 / 15, 0.6, 11 / 15, 13 / 15, 1, 1]],
    ["exponential", o.exponentialDecay(1, 0.9), [1, 0.9, 0.81, 0.729]],
    ["polynomial", o.polynomialDecay(1, 5, { power: 2 }), [1, 0.64, 0.36, 0.16, 0.04, 0, 0]],
    ["cosine", o.cosine(1, 10, { to: 0.1 }), [1, 0.977975, 0.914058, 0.814503, 0.689058, 0.55, 0.410942, 0.285497]],
    ["restarts", o.cosineRestarts(1, 4, { mult: 2 }), [1, 0.853553, 0.5, 0.146447, 1, 0.96194]],
    [
      "one cycle",
      o.oneCycle(1, 10),
      [0.04, 0.52, 1, 0.950485, 0.811746, 0.611262, 0.388742, 0.188258, 0.0495194, 4e-6],
    ],
    ["triangles", o.cyclic(0.1, 1, { up: 3, mode: "triangular2" }), [0.1, 0.4, 0.7, 1, 0.7, 0.4, 0.1, 0.25, 0.4, 0.55]],
    ["warm-up and cosine", restart(0, 1, 3, 10, 0.1), [0, 1 / 3, 2 / 3, 1, 0.955436, 0.83057, 0.650134, 0.449866]],
    ["WSD", o.wsd(1, 10, { warmup: 2, decay: 4 }), [0, 0.5, 1, 1, 1, 1, 1, 0.75, 0.5, 0.25, 0, 0]],
    ["WSD, 1 - sqrt", o.wsd(1, 8, { decay: 4, form: "sqrt", to: 0.2 }), [1, 1, 1, 1, 1, 0.6, 0.434315, 0.30718, 0.2]],
    ["WSD, 1 - x^2", o.wsd(1, 4, { decay: 4, form: "square" }), [1, 0.9375, 0.75, 0.4375, 0]],
    ["WSD, cosine", o.wsd(1, 4, { decay: 4, form: "cosine" }), [1, 0.853553, 0.5, 0.146447, 0]],
    ["REX", o.rex(1, 4), [1, 6 / 7, 2 / 3, 0.4, 0, 0]],
    ["inverse square root", o.inverseSqrt(1, 4), [0.25, 0.5, 0.75, 1, Math.sqrt(0.8), Math.sqrt(4 / 6)]],
    ["staircase of inverse time", o.inverseTime(1, 1, { every: 2, staircase: true }), [1, 1, 0.5, 0.5, 1 / 3]],
  ])("%s", (_, spec, want) => printed(spec, want));

  test("Noam's formula", () => {
    const [width, warm] = [512, 4000];
    for (const t of [0, 1, 3999, 4000, 99999]) {
      const n = t + 1;
      const want = 2 * width ** -0.5 * Math.min(n ** -0.5, n * warm ** -1.5);
      expect(o.valueAt(o.noam(2, width, warm), t) / want).toBeCloseTo(1, 12);
    }
  });

  test("PyTorch peaks one step before optax", () => {
    expect(o.valueAt(o.oneCycle(1, 10), 2)).toBe(1);
    expect(o.valueAt(o.oneCycle(1, 10, { steps: "optax" }), 3)).toBe(1);
  });

  test("the fractal order is the paper's", () => {
    // 1 / rate is 1 - spread cos(pi (k - 1/2) / 8): its place among the eight is k.
    const spec = o.chebyshev(1, 9, 8);
    const inverse = valuesOf(spec, 8).map((rate) => 1 / rate);
    const order = inverse.map((x) => inverse.filter((other) => other <= x).length);
    expect(order).toEqual([1, 8, 4, 5, 2, 7, 3, 6]);
    expect(valuesOf(spec, 16).slice(8)).toEqual(valuesOf(spec, 8));
  });

  test.each([1, 2, 4, 16, 32])("after %i Chebyshev steps no error is above 1 / T(c / r)", (steps) => {
    const [smallest, largest] = [1, 25];
    const rates = valuesOf(o.chebyshev(smallest, largest, steps), steps);
    const ratio = (largest + smallest) / (largest - smallest);
    const bound = 1 / Math.cosh(steps * Math.acosh(ratio));
    const curvatures = Array.from({ length: 1001 }, (_, i) => smallest + (i * (largest - smallest)) / 1000);
    const left = curvatures.map((a) => Math.abs(rates.reduce((error, rate) => error * (1 - rate * a), 1)));
    expect(Math.max(...left)).toBeLessThanOrEqual(bound * (1 + 1e-9));
    // The bound is met at both ends.
    expect(left[0]).toBeCloseTo(bound, 12);
    expect(left.at(-1)).toBeCloseTo(bound, 12);
  });
});

const everyKind = Object.entries(examples);

describe("plain data", () => {
  test("there is an example of every kind", () => {
    const kinds = new Set(everyKind.map(([, spec]) => spec.kind));
    expect([...o.schedules.keys()].filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  test.each(everyKind)("%s survives JSON", (_, spec) => {
    const again = JSON.parse(JSON.stringify(spec)) as Schedule;
    expect(again).toEqual(spec);
    expect(valuesOf(again, 120)).toEqual(valuesOf(spec, 120));
  });

  test.each(everyKind)("%s is finite at every step, and at step 1e6", (_, spec) => {
    expect([...valuesOf(spec, 120), o.valueAt(spec, 1e6)].every(Number.isFinite)).toBe(true);
  });

  test.each(everyKind)("%s times a factor shares its shape", (_, spec) => {
    if (spec.kind === "sampled") return;
    const grown = scaled(spec, 0.5);
    const [one, two] = [spec, grown].map((lr) => compileChain(o.sgd({ lr })));
    if (!one || !two) throw new Error("nothing compiled");
    expect(seriesOf([one, two]).keys.length).toBe(2);
    for (const t of [0, 1, 7, 50, 99]) {
      expect(o.valueAt(grown, t)).toBeCloseTo(0.5 * o.valueAt(spec, t), 14);
    }
  });
});

/** The same schedule at another unit: every number in the unit of the value is multiplied. */
function scaled(spec: Schedule, by: number): Schedule {
  const unit = ["value", "to", "from", "base", "min"];
  const changed = Object.entries(spec).map(([name, value]) => {
    if (unit.includes(name)) return [name, (value as number) * by];
    if (name === "after") return [name, scaled(value as Schedule, by)];
    if (name === "parts") return [name, (value as Schedule[]).map((part) => scaled(part, by))];
    if (name === "factors" && spec.kind === "product") {
      return [name, (value as Schedule[]).map((part, i) => (i === 0 ? scaled(part, by) : part))];
    }
    return [name, value];
  });
  return Object.fromEntries(changed) as unknown as Schedule;
}

describe("sharing", () => {
  const seriesCount = (...rates: Schedule[]): number =>
    seriesOf(rates.map((lr) => compileChain(o.sgd({ lr })))).keys.length;

  it("is by shape: other factors share, other shapes do not", () => {
    expect(seriesCount(o.rex(0.1, 10), o.rex(0.3, 10))).toBe(2);
    expect(seriesCount(o.rex(0.1, 10), o.rex(0.1, 11))).toBe(3);
    expect(seriesCount(o.linearDecay(0.5, 10, { to: 0.25 }), o.linearDecay(1, 10, { to: 0.5 }))).toBe(2);
    expect(seriesCount(o.cosine(1, 10), o.cosine(1, 10, { bounce: true }), o.cosine(1, 10, { power: 2 }))).toBe(4);
    expect(seriesCount(o.warmup(o.cosine(1, 10), 5), o.warmup(o.cosine(0.5, 10), 5))).toBe(2);
    expect(seriesCount(o.noam(1, 512, 400), o.noam(1, 256, 400))).toBe(2);
  });

  it("a value of 0, a control, stays 0 in every shape", () => {
    for (const [name, spec] of everyKind) {
      if (spec.kind === "sampled") continue;
      const control = scaled(spec, 0);
      expect(valuesOf(control, 20).map(Math.abs), name).toEqual(new Array(20).fill(0));
    }
  });
});

describe("any hyperparameter may have one", () => {
  const numbers = [...o.rules.values()].flatMap((rule) =>
    Object.entries(rule.options)
      .filter(([name]) => !SWITCHES.has(name) && !COUNTS.has(name) && !rule.borrows)
      .map(([name]): [string, Rule] => [name, rule]),
  );

  test.each(numbers)("%s of $name", (name, rule) => {
    const value = rule.options[name] || 0.5;
    const spec = o.linearDecay(value, 7, { to: value * 0.75 });
    const { scalars } = compileChain(alone(rule, { [name]: spec }));
    const fields = scalarFields(rule);
    for (const t of [0, 1, 3, 7, 20]) {
      const h = {
        ...rounded(rule.options),
        [name]: Math.fround(Math.fround(value) * Math.fround(o.valueAt(spec, t) / value)),
      };
      const want = rule.fields(h, t + 1);
      fields.forEach((field, i) => {
        const { factor, at } = scalars[i] as (typeof scalars)[number];
        const got = Math.fround(factor * Math.fround(at?.(t) ?? 1));
        const x = Math.fround(want[field] as number);
        // One rounding more where a factor and a shape are multiplied.
        expect(Math.abs(got - x), `${field} at step ${t}: ${got} for ${x}`).toBeLessThanOrEqual(2 ** -22 * Math.abs(x));
      });
    }
  });
});

const rounded = (options: Rule["options"]): Record<string, number> =>
  Object.fromEntries(Object.entries(options).map(([name, value]) => [name, Math.fround(value)]));

/** A rule and, unless it is the step itself, the step after it. */
const alone = (rule: Rule, options: Record<string, Schedule>): Optimizer => ({
  kind: "chain",
  links: rule.name === "descend" ? [link(rule, options)] : [link(rule, options), o.descend(1)],
});

describe("plateau", () => {
  const spec = o.plateau(1, { factor: 0.5, patience: 1, every: 4, delay: 6 });

  it("hears means of `every` losses and is settled `delay` steps beyond the next", () => {
    const listener = scheduleKind(spec).listen?.(spec, 3);
    if (!listener) throw new Error("it does not listen");
    const values: number[] = [];
    for (let t = 0; t < 40; t++) {
      expect(listener.horizon()).toBe((Math.floor(t / 4) + 1) * 4 + 6);
      values.push(o.valueAt(listener.spec, t));
      // Means 1, 1, 1, ...: bad at 8 and 12, so the change is made after step 11 and applied at step 12 + 6.
      listener.tell(t % 2 === 0 ? 0.5 : 1.5);
    }
    expect(values.indexOf(0.5)).toBe(18);
    expect(listener.spec.changes).toEqual([
      [18, 0.5],
      [26, 0.25],
      [34, 0.125],
      [42, 0.0625],
    ]);
  });

  it("goes on from its state as if it had never stopped, and runs do not share a series", () => {
    const { listen } = scheduleKind(spec);
    const [one, two] = [listen?.(spec, 0), listen?.(spec, 1)];
    if (!one || !two) throw new Error("it does not listen");
    const losses = Array.from({ length: 90 }, (_, t) => 1 / (1 + t) + (t > 30 ? 1 : 0));
    losses.slice(0, 50).forEach(one.tell);
    two.restore(JSON.parse(JSON.stringify(one.state())));
    for (const loss of losses.slice(50)) {
      one.tell(loss);
      two.tell(loss);
    }
    expect(two.state()).toEqual(one.state());
    expect(two.spec.changes).toEqual(one.spec.changes);
    const chains = [one, two].map((listener) => compileChain(o.sgd({ lr: listener.spec })));
    expect(seriesOf(chains).keys.length).toBe(3);
    expect(o.valueAt(spec, 1e6)).toBe(1);
  });

  it("takes a loss that is not a number for one that is no better", () => {
    const at = o.plateau(1, { patience: 0, every: 1, delay: 0 });
    expect(heard(at, [1, 0.5, Number.NaN, 0.4, 0.3])).toEqual([1, 1, 1, 0.1, 0.1]);
  });
});

describe("bad input", () => {
  it.each<[string, () => unknown, string]>([
    ["a length", () => o.rex(1, 0), "rex: steps is 0, expected a finite number >= 1"],
    ["a rate", () => o.stepDecay(Number.NaN, 3), "stepDecay: value is NaN, expected a finite number"],
    ["every", () => o.stepDecay(1, 1.5), "stepDecay: every is 1.5, expected an integer >= 1"],
    ["milestones", () => o.multiStepDecay(1, [5, 5]), "multiStepDecay: milestones 5, 5, expected them in rising order"],
    ["no milestones", () => o.multiStepDecay(1, []), "multiStepDecay: no milestones, expected at least one"],
    ["gammas", () => o.multiStepDecay(1, [5], { gamma: [1, 2] }), "2 gammas for 1 milestones; give one for each"],
    ["an option", () => o.cosine(1, 5, { too: 1 } as object), 'cosine: unknown option "too"; did you mean "to"?'],
    ["a rise", () => o.linearDecay(0, 5, { to: 1 }), "linearDecay: rises from 0 to 1, expected a start other than 0"],
    ["a warm-up", () => o.warmup(0, 5, { from: 1 }), "warmup: from is 1 beside a value of 0, expected a start other"],
    [
      "a power",
      () => o.polynomialDecay(1, 5, { power: 0 }),
      "polynomialDecay: power is 0, expected a finite number > 0",
    ],
    ["gamma", () => o.exponentialDecay(1, 0), "exponentialDecay: gamma is 0, expected a finite number > 0"],
    ["a period", () => o.cosineRestarts(1, 2.5), "cosineRestarts: period is 2.5, expected an integer >= 1"],
    ["a cycle", () => o.oneCycle(1, 3), "oneCycle: turns at steps -0.1"],
    [
      "three phases",
      () => o.oneCycle(1, 10, { steps: "optax", threePhase: true }),
      "threePhase with optax' steps; it has none",
    ],
    ["a mode", () => o.cyclic(0.1, 1, { up: 3, mode: "square" as "exp" }), 'cyclic: mode is "square"; use triangular'],
    ["knots", () => o.piecewise(1, [1, 2], [1, 1]), "piecewise: knots 1, 2, expected 0 first and then rising"],
    ["factors", () => o.piecewise(1, [0, 2], [1]), "piecewise: 2 knots and 1 factors; give at least two knots"],
    ["parts", () => o.sequentialSchedule([1, 2], [3, 4]), "2 schedules and 2 milestones; give one schedule more"],
    ["no factors", () => o.productSchedule(), "productSchedule: no schedules, expected at least one"],
    ["a short WSD", () => o.wsd(1, 10, { warmup: 6, decay: 6 }), "wsd: warmup 6 and decay 6 of 10 steps; make them"],
    ["a form", () => o.wsd(1, 10, { form: "log" as "sqrt" }), 'wsd: form is "log"; use linear, sqrt, cosine, square'],
    ["a length that is no power of two", () => o.chebyshev(1, 2, 6), "chebyshev: steps is 6, expected a power of two"],
    ["curvatures", () => o.chebyshev(2, 1, 4), "chebyshev: largest is 1, expected a finite number >= 2"],
    [
      "a plateau's factor",
      () => o.plateau(1, { factor: 1 }),
      "plateau: factor is 1, expected a finite number >= 0 and < 1",
    ],
    ["a plateau's mode", () => o.plateau(1, { mode: "least" as "min" }), 'plateau: mode is "least"; use min or max'],
    [
      "an unknown kind",
      () => o.valueAt({ kind: "linaer", value: 1 }, 0),
      "schedule linaer: is not known; known: constant",
    ],
  ])("%s is refused", (_, act, message) => {
    expect(act).toThrow(message);
  });
});
