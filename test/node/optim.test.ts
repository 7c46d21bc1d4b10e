// Chains and schedules as data: what is refused, what is rounded when, which runs share a series.
import { describe, expect, it } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import { dataset } from "../../src/data/index.ts";
import { constantInit, linear, meanSquaredError } from "../../src/nn/index.ts";
import { learningRateAt, link, type Optimizer, sampleFunctions } from "../../src/optim/chain.ts";
import { compileChain } from "../../src/optim/compile.ts";
import {
  adam,
  adamw,
  chain,
  clipByGlobalNorm,
  constantSchedule,
  cosine,
  descend,
  momentum,
  rules,
  sampled,
  scaleByAdam,
  sgd,
  valueAt,
  weightDecay,
} from "../../src/optim/index.ts";
import { phaseVariant } from "../../src/optim/places.ts";
import { hyperWords, seriesOf } from "../../src/scheduler/steps.ts";
import { Population } from "../../src/train/population.ts";
import schedulesJson from "../golden/schedules.json?raw";

const schedules = (JSON.parse(schedulesJson) as { schedules: Record<string, { values: number[] }> }).schedules;
const f32 = Math.fround;

const names = ({ links }: Optimizer): string[] => links.map(({ rule }) => rule);
/** The scalars of a chain by rule and field, for a chain in which every rule comes once. */
function scalarsOf(optimizer: Optimizer) {
  const { phases, scalars } = compileChain(optimizer);
  return Object.fromEntries(
    phases.flatMap(({ links }) =>
      links.flatMap(({ rule, scalar }) => {
        const { fieldNames = [], reduces } = rules.get(rule) ?? {};
        return fieldNames
          .filter((field) => !reduces?.fields.includes(field))
          .map((field, i) => [`${rule}.${field}`, scalars[scalar + i]] as const);
      }),
    ),
  );
}

describe("chain", () => {
  it.each<[string, () => unknown, string]>([
    ["nothing", () => chain(), "chain: ends in nothing, expected descend(lr) last; add descend(lr)"],
    ["no descend", () => chain(scaleByAdam()), "chain: ends in adam, expected descend(lr) last; add descend(lr)"],
    [
      "descend first",
      () => chain(descend(0.1), momentum()),
      "chain: ends in descend, momentum, expected descend(lr) last",
    ],
  ])("%s is refused", (_, act, message) => {
    expect(act).toThrow(message);
  });

  it.each<[string, () => unknown, string]>([
    ["sgd", () => sgd({ momentun: 0.9 } as object), 'sgd: unknown option "momentun"; did you mean "momentum"?'],
    ["adam", () => adam({ beta_1: 0.9 } as object), 'adam: unknown option "beta_1"; did you mean "beta1"?'],
    [
      "adamw",
      () => adamw({ wieghtDecay: 0.1 } as object),
      'adamw: unknown option "wieghtDecay"; did you mean "weightDecay"?',
    ],
    [
      "a rule",
      () => scaleByAdam({ epsilon: 1e-7 } as object),
      'adam: unknown option "epsilon"; known options are beta1, beta2, eps',
    ],
    ["a number that is none", () => adam({ lr: Number.NaN }), "descend: lr is NaN, expected a finite number"],
    ["a text", () => sgd({ lr: "0.1" } as unknown as object), 'descend: lr is "0.1", expected a finite number'],
    [
      "nesterov without momentum",
      () => sgd({ nesterov: true }),
      "sgd: nesterov with momentum 0 and dampening 0; it needs a momentum and no dampening",
    ],
    [
      "nesterov with dampening",
      () => sgd({ nesterov: true, momentum: 0.9, dampening: 0.1 }),
      "it needs a momentum and no dampening",
    ],
    [
      "a rule that is not defined",
      () => compileChain({ kind: "chain", links: [{ rule: "adma", options: {} }] }),
      "rule adma: is not defined; import the module that defines it",
    ],
  ])("a misspelt or bad hyperparameter of %s", (_, act, message) => {
    expect(act).toThrow(message);
  });

  it("presets only compose rules", () => {
    expect(names(sgd())).toEqual(["descend"]);
    expect(names(sgd({ momentum: 0.9, weightDecay: 0.1, clip: 1 }))).toEqual([
      "clipByGlobalNorm",
      "weightDecay",
      "momentum",
      "descend",
    ]);
    expect(names(adam({ weightDecay: 0.1 }))).toEqual(["weightDecay", "adam", "descend"]);
    expect(names(adamw())).toEqual(["adam", "weightDecay", "descend"]);
    expect(adamw({ lr: 0.01 })).toEqual(chain(scaleByAdam(), weightDecay(0.01), descend(0.01)));
  });

  it("is plain data", () => {
    const made = adamw({ lr: cosine(0.1, 10), clip: 1 });
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
    expect(compileChain(JSON.parse(JSON.stringify(made)) as Optimizer).key).toBe(compileChain(made).key);
  });

  it("is cut before what needs a norm; state slots and scalars are laid out in order", () => {
    const { phases, slots, scalars, key } = compileChain(
      chain(momentum(), scaleByAdam(), clipByGlobalNorm(), weightDecay(), descend()),
    );
    expect(key).toBe("momentum > adam > clipByGlobalNorm > weightDecay > descend");
    expect(slots).toBe(3);
    expect(phases).toEqual([
      {
        links: [
          { rule: "momentum", scalar: 0, slot: 0 },
          { rule: "adam", scalar: 3, slot: 1 },
        ],
        reduces: false,
        last: false,
      },
      {
        links: [
          { rule: "clipByGlobalNorm", scalar: 10, slot: 3, reduced: 0 },
          { rule: "weightDecay", scalar: 12, slot: 3 },
          { rule: "descend", scalar: 13, slot: 3 },
        ],
        reduces: true,
        last: true,
      },
    ]);
    expect(scalars.length).toBe(14);
    expect(phases.map((phase) => phaseVariant(phase).cut)).toEqual([true, undefined]);
  });
});

describe("schedules", () => {
  const at = (spec: ReturnType<typeof cosine>, steps: number) =>
    Array.from({ length: steps }, (_, t) => valueAt(spec, t));
  const near = (got: readonly number[], want: readonly number[]): void => {
    got.forEach(
      (value, t) => void expect(Math.abs(value - (want[t] as number)), `step ${t}`).toBeLessThanOrEqual(1e-14),
    );
  };

  it("cosine: known values of PyTorch down to its end, of optax beyond", () => {
    near(at(cosine(1, 10, { to: 0.1 }), 11), schedules.cosine?.values as number[]);
    near(at(cosine(1, 10), 11), schedules.cosine_zero?.values as number[]);
    // PyTorch goes up again after its T_max; this stays at its end, as optax does.
    near(at(cosine(1, 10, { to: 0.1 }), 25), schedules.cosine_decay?.values as number[]);
    [1, 0.977975, 0.914058, 0.814503, 0.689058, 0.55].forEach(
      (want, t) => void expect(valueAt(cosine(1, 10, { to: 0.1 }), t)).toBeCloseTo(want, 6),
    );
  });

  it("a cosine of 0, as a control among others, stays 0 and shares their shape", () => {
    const [control, other] = [sgd({ lr: cosine(0, 10) }), sgd({ lr: cosine(0.1, 10) })];
    expect([0, 5, 10].map((t) => learningRateAt(control, t))).toEqual([0, 0, 0]);
    expect(seriesOf([control, other].map(compileChain)).keys.length).toBe(2);
  });

  it.each<[string, () => unknown, string]>([
    ["no steps", () => cosine(0.1, 0), "cosine: steps is 0, expected a finite number >= 1"],
    [
      "a value that is none",
      () => cosine(Number.POSITIVE_INFINITY, 10),
      "cosine: value is Infinity, expected a finite number",
    ],
    [
      "a rise from 0",
      () => cosine(0, 10, { to: 0.1 }),
      "cosine: rises from 0 to 0.1, expected a start other than 0; a shape is relative to its start",
    ],
    [
      "a function that fails",
      () => sampled((t) => 1 / (t - 3), 10),
      "schedule: the function gives Infinity at step 3, expected a finite number",
    ],
    [
      "an unknown kind",
      () => valueAt({ kind: "linaer", value: 1 }, 0),
      "schedule linaer: is not known; known: constant, sampled, ",
    ],
  ])("%s is refused", (_, act, message) => {
    expect(act).toThrow(message);
  });

  it("a function of the step is sampled over the training, and is data from then on", () => {
    const optimizer = sampleFunctions(adam({ lr: (t) => 0.1 / (t + 1) }), 4);
    expect(JSON.parse(JSON.stringify(optimizer))).toEqual(optimizer);
    expect([0, 1, 2, 3, 4, 9].map((t) => learningRateAt(optimizer, t))).toEqual([
      0.1,
      0.05,
      0.1 / 3,
      0.025,
      0.025,
      0.025,
    ]);
    const lr = scalarsOf(optimizer)["descend.lr"];
    expect([0, 1, 2].map((t) => (lr?.factor as number) * (lr?.at?.(t) as number))).toEqual([0.1, 0.05, 0.1 / 3]);
  });

  it("other hyperparameters may be scheduled too, and what is derived follows", () => {
    const heavy = scalarsOf(chain(momentum({ momentum: cosine(0.8, 4, { to: 0.4 }) }), descend()))["momentum.momentum"];
    expect(heavy?.factor).toBe(f32(0.8));
    expect([0, 2, 4].map((t) => heavy?.at?.(t))).toEqual([1, 0.75, 0.5]);
    const sampledBeta = scalarsOf(sampleFunctions(chain(scaleByAdam({ beta1: (t) => 0.5 + 0.125 * t }), descend()), 4));
    expect([0, 1, 2].map((t) => sampledBeta["adam.beta1"]?.at?.(t))).toEqual([0.5, 0.625, 0.75]);
    expect([0, 1, 2].map((t) => sampledBeta["adam.rest1"]?.at?.(t))).toEqual([0.5, 0.375, 0.25]);
  });
});

describe("scalars", () => {
  it("hyperparameters are rounded to f32 once; what is derived is f64 of the rounded, rounded last", () => {
    const scalars = scalarsOf(adamw({ lr: 0.003, weightDecay: 0.07 }));
    const [beta1, beta2] = [f32(0.9), f32(0.999)];
    expect(scalars["adam.beta1"]).toEqual({ factor: beta1 });
    expect(scalars["adam.rest1"]).toEqual({ factor: f32(1 - beta1) });
    expect(f32(1 - beta1)).not.toBe(f32(0.1));
    expect(scalars["adam.rest2"]).toEqual({ factor: f32(1 - beta2) });
    expect(scalars["adam.eps"]).toEqual({ factor: f32(1e-8) });
    expect(scalars["weightDecay.decay"]).toEqual({ factor: f32(0.07) });
    expect(scalars["descend.lr"]).toEqual({ factor: f32(0.003) });
    for (const t of [0, 1, 9, 999]) {
      expect(scalars["adam.m_scale"]?.at?.(t)).toBe(1 / (1 - beta1 ** (t + 1)));
      expect(scalars["adam.v_scale"]?.at?.(t)).toBe(1 / (1 - beta2 ** (t + 1)));
    }
  });

  it("dampening is left out of the first momentum step", () => {
    const rest = scalarsOf(sgd({ momentum: 0.9, dampening: 0.25 }))["momentum.rest"];
    expect([0, 1, 2].map((t) => rest?.at?.(t))).toEqual([1, 0.75, 0.75]);
    const without = scalarsOf(sgd({ momentum: 0.9 }))["momentum.rest"];
    expect([0, 1].map((t) => without?.at?.(t))).toEqual([1, 1]);
  });

  it("a thousand learning rates on one cosine are two series: 1 and the shape", () => {
    const chains = Array.from({ length: 1000 }, (_, i) => compileChain(sgd({ lr: cosine(1e-4 * (i + 1), 500) })));
    const series = seriesOf(chains);
    expect(series.keys.length).toBe(2);
    expect(new Set(chains.map(({ key }) => key)).size).toBe(1);
    const words = chains.map(({ scalars }) => hyperWords(scalars, series));
    expect(new Set(words.map(([factor]) => factor)).size).toBe(1000);
    expect(new Set(words.map(([, number]) => number))).toEqual(new Set([1]));
    expect(series.at[0]?.(77)).toBe(1);
    expect(series.at[1]?.(250)).toBeCloseTo(0.5, 14);
  });

  it("other shapes are other series; equal betas share their corrections", () => {
    const keys = (...optimizers: Optimizer[]) => seriesOf(optimizers.map(compileChain)).keys.length;
    expect(keys(sgd({ lr: cosine(0.1, 500) }), sgd({ lr: cosine(0.1, 400) }))).toBe(3);
    expect(keys(sgd({ lr: cosine(0.1, 500, { to: 0.01 }) }), sgd({ lr: cosine(0.2, 500, { to: 0.02 }) }))).toBe(2);
    expect(keys(sgd({ lr: constantSchedule(0.1) }), sgd({ lr: constantSchedule(0.2) }))).toBe(2);
    // m_scale and v_scale of each pair of betas.
    expect(keys(adam({ lr: 0.1 }), adam({ lr: 0.2 }), adamw({ lr: 0.3 }))).toBe(3);
    expect(keys(adam(), adam({ beta1: 0.8 }))).toBe(5);
  });
});

describe("clipping by the global norm", () => {
  // z = x w + b with x = (3, 4), start 0, target -1/2: dz = 2 (z - target) = 1, so dw = (3, 4), db = 1, norm sqrt 26.
  const data = dataset({ x: Float32Array.from([3, 4]), y: Float32Array.from([-0.5]), split: { train: 1 } });
  const zero = constantInit(0);
  const task = { data, model: [linear(1, { init: zero, bias: zero })], loss: meanSquaredError() };

  async function step(clip: number): Promise<number[]> {
    const runs = [{ optimizer: sgd({ lr: 1, clip }), init: 1, order: 1 }];
    const population = await Population.open(openCpu(), task, { batch: 1, steps: 1, runs });
    await population.advance(0, 1);
    const made = [...(await population.read("parameters", 0)).values()].flatMap((values) => [...values]);
    expect([...(await population.read("gradients", 0)).values()].flatMap((values) => [...values])).toEqual([3, 4, 1]);
    population.dispose();
    return made;
  }

  it("above the norm changes nothing", async () => {
    expect(await step(6)).toEqual([-3, -4, -1]);
  });

  it("below it scales all gradients by one factor", async () => {
    const factor = 2 / (Math.sqrt(26) + f32(1e-6));
    expect(await step(2)).toEqual([-3 * factor, -4 * factor, -factor].map(f32));
  });
});

describe("links", () => {
  it("take true and false as 1 and 0, and defaults where nothing is given", () => {
    const rule = rules.get("momentum") as NonNullable<ReturnType<typeof rules.get>>;
    expect(link(rule, { nesterov: true })).toEqual({
      rule: "momentum",
      options: { momentum: 0.9, dampening: 0, nesterov: 1, dampenFirst: 0 },
    });
  });
});
