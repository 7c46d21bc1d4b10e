// What must hold of rules whatever the numbers: identities between them, exact first steps, scale, size, zero and time.
import "../../src/optim/update.bounds.ts";
import { ruleBoundOf } from "../../src/optim/rule_bounds.ts";
import { describe, expect, test } from "vitest";
import { type Approx, exact } from "../../src/kernel/bound.ts";
import { learningRateAt, sampleFunctions } from "../../src/optim/chain.ts";
import { compileChain } from "../../src/optim/compile.ts";
import * as o from "../../src/optim/index.ts";
import type { Reducer } from "../../src/optim/reduce.ts";
import { type Rule, ruleNamed, type Values } from "../../src/optim/rule.ts";
import { gradients, play, type Problem, tape } from "../harness/replay-reference.ts";
import { Roughly } from "../harness/rounded.ts";
import { known } from "./support/rules.known.ts";

const STEPS = 50;

/** Two optimizers on the tape, all steps, to 1e-12 relative to max(1, |x|). */
function same(a: o.Optimizer, b: o.Optimizer, steps = STEPS): void {
  const [one, two] = [play(a, tape, steps), play(b, tape, steps)];
  one.forEach((p, t) => {
    p.forEach((x, i) => {
      const other = two[t]?.[i] as number;
      expect(Math.abs(x - other), `step ${t}, number ${i}`).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(other)));
    });
  });
}

describe("identities", () => {
  const lr = 0.01;
  const pairs: Record<string, [o.Optimizer, o.Optimizer, number?]> = {
    "a running mean at lr is the heavy ball at lr (1 - beta)": [
      o.emaSgd({ lr, beta: 0.9 }),
      o.sgd({ lr: lr * (1 - 0.9), momentum: 0.9 }),
    ],
    "momentum dampened by itself from the first step on is a running mean": [
      o.sgd({ lr, momentum: 0.9, dampening: 0.9, dampenFirst: true }),
      o.emaSgd({ lr, beta: 0.9 }),
    ],
    "SM3 of a vector is Adagrad": [o.sm3({ lr, momentum: 0, eps: 0 }), o.adagrad({ lr, eps: 0 })],
    "decay that lr does not multiply is decay over lr": [
      o.adamw({ lr, weightDecay: 0.001, decayTimesLr: false }),
      o.adamw({ lr, weightDecay: 0.1 }),
    ],
    "AdamW without decay is Adam": [o.adamw({ lr, weightDecay: 0 }), o.adam({ lr })],
    "Adam without memory is signSGD": [o.adam({ lr, beta1: 0, beta2: 0, eps: 0 }), o.signsgd({ lr })],
    "RAdam's first five steps are those of the debiased mean": [o.radam({ lr }), o.emaSgd({ lr, debias: true }), 5],
    "clipping above the norm changes nothing": [o.adam({ lr, clip: 1e6 }), o.adam({ lr })],
    "clipping above every value changes nothing": [o.chain(o.clipByValue(1e3), o.descend(lr)), o.sgd({ lr })],
    "lr inside the momentum is lr outside while it is constant": [
      o.sgd({ lr, momentum: 0.9, nesterov: true, lrInside: true }),
      o.sgd({ lr, momentum: 0.9, nesterov: true }),
    ],
    "RMSProp likewise": [o.rmsprop({ lr, momentum: 0.9, lrInside: true }), o.rmsprop({ lr, momentum: 0.9 })],
    "debiased RMSProp is Adam without a mean": [
      o.rmsprop({ lr, alpha: 0.999, debias: true }),
      o.adam({ lr, beta1: 0 }),
    ],
    "AdEMAMix without its slow mean is Adam": [o.ademamix({ lr, alpha: 0 }), o.adam({ lr })],
    "LaProp without a mean is Adam without a mean": [
      o.laprop({ lr, beta1: 0, eps: 1e-8 }),
      o.adam({ lr, beta1: 0, eps: 1e-8 }),
    ],
    "optimism of 0 is descent": [o.optimisticSgd({ lr, beta: 0 }), o.sgd({ lr })],
    "AMSGrad whose v never falls is Adam": [
      o.adam({ lr, beta2: 1 - 2 ** -40, amsgrad: true }),
      o.adam({ lr, beta2: 1 - 2 ** -40 }),
    ],
    "NAdam's momentum, grown at once, is constant": [
      o.nadam({ lr, momentumDecay: 1e6 }),
      o.nadam({ lr, constant: true }),
    ],
    "MADGRAD without momentum forgets where it is": [
      o.madgrad({ lr, momentum: 0 }),
      o.chain(o.weightDecay(0), o.scaleByMadgrad({ lr, momentum: 0 }), o.descend(1)),
    ],
    "Adan's two decays agree where there is none": [o.adan({ lr }), o.adan({ lr, proximal: false })],
    "Signum without memory is signSGD": [o.signum({ lr, beta: 0 }), o.signsgd({ lr })],
    "Lion without memory is signSGD": [o.lion({ lr, beta1: 0, beta2: 0 }), o.signsgd({ lr })],
  };

  test.each(Object.entries(pairs))("%s", (_, [a, b, steps]) => same(a, b, steps));

  test("Adagrad is lr / sqrt(t) times the gradient over its root mean square", () => {
    const path = play(o.adagrad({ lr, eps: 0 }), tape, STEPS);
    let p = [...tape.start];
    const sum = p.map(() => 0);
    for (let t = 1; t <= STEPS; t++) {
      const g = tape.gradient(t, p);
      p = p.map((x, i) => {
        sum[i] = (sum[i] as number) + (g[i] as number) ** 2;
        return x - (lr / Math.sqrt(t)) * ((g[i] as number) / Math.sqrt((sum[i] as number) / t));
      });
      p.forEach((x, i) => void expect(path[t]?.[i]).toBeCloseTo(x, 12));
    }
  });
});

describe("steps", () => {
  test("Adam's first step is lr sign(g), not ten times that", () => {
    const [before, after] = play(o.adam({ lr: 0.01, eps: 0 }), tape, 1) as [number[], number[]];
    const g = tape.gradient(1, before);
    after.forEach((x, i) => void expect(x).toBeCloseTo((before[i] as number) - 0.01 * Math.sign(g[i] as number), 12));
  });

  test("Lion, signSGD and Signum move every number by lr exactly", () => {
    for (const optimizer of [o.lion({ lr: 2 ** -7 }), o.signsgd({ lr: 2 ** -7 }), o.signum({ lr: 2 ** -7 })]) {
      const path = play(optimizer, tape, STEPS);
      path.slice(1).forEach((p, t) => {
        p.forEach((x, i) => void expect(Math.abs(x - (path[t]?.[i] as number))).toBe(2 ** -7));
      });
    }
  });

  test("decay alone: AdamW multiplies by 1 - lr decay, Adan divides by 1 + lr decay, Adam with L2 moves by lr", () => {
    const still = gradients([1, -2, 3, 0.5], () => [0, 0, 0, 0]);
    const [lr, weightDecay] = [0.01, 0.1];
    const w = play(o.adamw({ lr, weightDecay }), still, STEPS).at(-1) as number[];
    const d = play(o.adan({ lr, weightDecay }), still, STEPS).at(-1) as number[];
    still.start.forEach((x, i) => {
      expect(w[i]).toBeCloseTo(x * (1 - lr * weightDecay) ** STEPS, 12);
      expect(d[i]).toBeCloseTo(x / (1 + lr * weightDecay) ** STEPS, 12);
    });
    const l2 = play(o.adam({ lr, weightDecay }), still, 5);
    l2.slice(1).forEach((p, t) => {
      p.forEach((x, i) => void expect(Math.abs(x - (l2[t]?.[i] as number))).toBeCloseTo(lr, 4));
    });
  });

  test("without eps, padding stays 0 and a number without a gradient stays where it is", () => {
    const only = gradients([0, 1], () => [0, 0]);
    for (const options of [{}, { amsgrad: true }, { epsHat: true }, { debias: false }]) {
      const optimizer = o.adam({ lr: 0.01, eps: 0, ...options });
      expect(play(optimizer, only, 3)[3]).toEqual([0, 1]);
      expect(playRough(optimizer, [0, 1], () => [0, 0], 3)).toEqual([0, 1]);
    }
  });

  test("the scale of the gradients does not matter where eps is 0", () => {
    const lr = 0.01;
    const times = (c: number): Problem => ({ ...tape, gradient: (t, p) => tape.gradient(t, p).map((g) => c * g) });
    const free: o.Optimizer[] = [
      o.adam({ lr, eps: 0 }),
      o.adam({ lr, eps: 0, amsgrad: true }),
      o.adamax({ lr, eps: 0 }),
      o.nadam({ lr, eps: 0 }),
      o.adabelief({ lr, eps: 0, epsRoot: 0 }),
      o.adopt({ lr, eps: 0 }),
      o.ademamix({ lr, eps: 0 }),
      o.laprop({ lr, eps: 0 }),
      o.adan({ lr, eps: 0 }),
      o.adagrad({ lr, eps: 0 }),
      o.rmsprop({ lr, eps: 0 }),
      o.yogi({ lr, eps: 0, initial: 0 }),
      o.lion({ lr }),
      o.signsgd({ lr }),
      o.signum({ lr }),
      o.rprop({ lr }),
      o.lamb({ lr, eps: 0, weightDecay: 0.1 }),
      o.lars({ lr }),
      o.novograd({ lr, eps: 0, decay: 0.1 }),
      o.sm3({ lr, eps: 0 }),
      o.adafactor({ lr, eps: 0 }),
      o.fromage({ lr }),
      o.dog({ eps: 0 }),
      o.scheduleFreeAdamw({ lr, eps: 0 }),
      o.cautious(o.adam({ lr, eps: 0 })),
    ];
    for (const optimizer of free) {
      // A power of two: the products round alike.
      expect(play(optimizer, times(2 ** 20), STEPS)).toEqual(play(optimizer, tape, STEPS));
    }
  });

  test("numbers do not see each other, but for the norm", () => {
    const turned: Problem = {
      start: [...tape.start].reverse(),
      gradient: (t, p) => [...tape.gradient(t, p)].reverse(),
    };
    for (const { optimizer } of known.filter((entry) => entry.on === "tape" && !draws(entry.optimizer))) {
      const [path, back] = [play(optimizer, tape, 5), play(optimizer, turned, 5)];
      path.forEach((p, t) => {
        [...(back[t] as number[])].reverse().forEach((x, i) => void expect(x).toBeCloseTo(p[i] as number, 12));
      });
    }
  });
});

/** A rule by the computation of its bounds, every operation rounded to f32 and flushed: what a GPU does. */
function rough(name: string, of: (name: string) => Rule = ruleNamed): Rule {
  const rule = of(name);
  const by = new Roughly();
  const reduces = rule.reduces as Reducer | undefined;
  const approx = (f: Values) => Object.fromEntries(Object.entries(f).map(([key, v]) => [key, exact(Math.fround(v))]));
  const all = (list: readonly number[]) => list.map(exact);
  const values = (list: readonly Approx[]) => list.map(({ v }) => v);
  const rounded = (f: Values): Values => Object.fromEntries(Object.entries(f).map(([key, v]) => [key, Math.fround(v)]));
  return {
    ...rule,
    fields: (h, t) => rounded(rule.fields(rounded(h), t)),
    reference(u, p, f, s) {
      const state = all(s);
      const { v } = ruleBoundOf(rule)(by, exact(u), exact(p), approx(f), state);
      s.splice(0, s.length, ...values(state));
      return v;
    },
    ...(reduces?.termsBound
      ? {
          reduces: {
            ...reduces,
            terms: (u, p, f, s) => values(reduces.termsBound(by, exact(u), exact(p), approx(f), all(s))),
            settle: (sums, count, f, before) => {
              const rounded = all(sums.map(Math.fround));
              return values(reduces.settleBound?.(by, rounded, count, approx(f), all(before)) ?? rounded);
            },
          },
        }
      : {}),
  };
}

function playRough(
  optimizer: o.Optimizer,
  start: readonly number[],
  gradient: (t: number) => readonly number[],
  steps: number,
  of?: (name: string) => Rule,
): number[] {
  const options = { ruleOf: (name: string) => rough(name, of), store: Math.fround };
  return play(
    sampleFunctions(optimizer, steps),
    gradients(start.map(Math.fround), (t) => gradient(t).map(Math.fround)),
    steps,
    options,
  )[steps] as number[];
}

const tapes = known.filter(({ on }) => on === "tape");

/** Noise moves what has no gradient; padding, which draws none, is for noise.test.ts and whole trainings. */
const draws = ({ links }: o.Optimizer): boolean => links.some(({ rule }) => ruleNamed(rule).draws);

/**
 * Rules whose step follows the way gone so far: where gradients never turn, there is no minimum, both double each other, and
 * leave f32 within a hundred steps.
 */
const SATURATING = ["dowg", "prodigy"];

describe.each(tapes)("$name", ({ name, optimizer }) => {
  const decays = optimizer.links.some(
    ({ rule, options: { weightDecay = 0, decay = 0 } }) =>
      rule === "fromage" ||
      (["weightDecay", "proximalDecay"].includes(rule) ? weightDecay !== 0 : rule !== "average" && decay !== 0),
  );
  const zeros = [0, 0, 0, 0];

  test("no gradient moves nothing but what decays, and what draws", () => {
    const path = play(
      optimizer,
      gradients([1, -2, 3, 0.5], () => zeros),
      100,
    );
    if (decays || draws(optimizer))
      path.slice(1, 6).forEach((p, t) => void expect(p, `step ${t + 1}`).not.toEqual(path[t]));
    else expect(path[100]).toEqual([1, -2, 3, 0.5]);
  });

  test("padding, which draws no numbers, stays 0, in f32 too", () => {
    const silent = (name: string): Rule => {
      const rule = ruleNamed(name);
      return rule.draws ? { ...rule, draws: { ...rule.draws, of: () => 0 } } : rule;
    };
    // Norms are over everything: the others move.
    const g = (t: number) => [0, ...tape.gradient(t, []).slice(1)];
    expect(Math.abs(play(optimizer, gradients(zeros, g), 20, { ruleOf: silent })[20]?.[0] as number)).toBe(0);
    expect(Math.abs(playRough(optimizer, zeros, g, 20, silent)[0] as number)).toBe(0);
  });

  test("100 steps of gradients from 1e-19 to 1e17 stay finite in f32, but for the rules that saturate", () => {
    const bad: number[] = [];
    for (let k = -19; k <= 17; k += 2) {
      const g = (t: number) => [10 ** k, -(10 ** k), 10 ** k * Math.cos(t), t % 2 ? 10 ** k : 0];
      const end = playRough(optimizer, [1, -2, 3, 0.5], g, 100);
      if (!end.every(Number.isFinite)) bad.push(k);
    }
    // A rate that falls keeps them in.
    const saturates = optimizer.links.some(({ rule }) => SATURATING.includes(rule)) && !name.includes("falling");
    if (saturates) expect(bad.length).toBeGreaterThan(0);
    else expect(bad).toEqual([]);
  });

  test("step 1e6 and after are finite, and so is every field from the first", () => {
    const path = play(optimizer, tape, 3, { from: 1e6 });
    expect(path.flat().every(Number.isFinite), name).toBe(true);
    const { scalars } = compileChain(sampleFunctions(optimizer, 10));
    for (const { factor, at } of scalars) {
      for (const t of [0, 1, 2, 999, 1e6]) expect(Number.isFinite(Math.fround(factor * (at?.(t) ?? 1)))).toBe(true);
    }
  });
});

describe("options", () => {
  test("a misspelt one is an error that names the optimizer and the nearest option", () => {
    expect(() => o.lion({ beta3: 0.9 } as object)).toThrow('lion: unknown option "beta3"; did you mean "beta1"?');
    expect(() => o.rmsprop({ centred: true } as object)).toThrow('rmsprop: unknown option "centred"; did you mean');
    expect(() => o.rprop({ weightDecay: 1 } as object)).toThrow('rprop: unknown option "weightDecay"');
    expect(() => o.adam({ maxDebiased: true })).toThrow("adam: maxDebiased without amsgrad");
    expect(() => o.rmsprop({ nesterov: true })).toThrow("rmsprop: nesterov without momentum; give a momentum");
    for (const lr of [0, (t: number) => 1 / (t + 1)])
      expect(() => o.adamw({ lr, decayTimesLr: false })).toThrow("adamw: decayTimesLr: false without a weightDecay");
    expect(() => o.yogi({ eps: Number.NaN })).toThrow("yogi: eps is NaN");
  });

  test("the learning rate of a chain is told where it stands inside the momentum", () => {
    expect(learningRateAt(o.sgd({ lr: 0.25, momentum: 0.9, lrInside: true }), 0)).toBe(0.25);
    expect(learningRateAt(o.rmsprop({ lr: 0.25, momentum: 0.9, lrInside: true }), 7)).toBe(0.25);
    expect(learningRateAt(o.adan({ lr: 0.25, weightDecay: 0.1 }), 0)).toBe(0.25);
  });
});
