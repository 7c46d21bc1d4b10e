// Reductions, wrappers, views and groups through whole trainings on the references, and what must hold of them.
import { describe, expect, test } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import { blobs } from "../../src/data/index.ts";
import { crossEntropy, linear, tanh } from "../../src/nn/index.ts";
import { compileChain } from "../../src/optim/compile.ts";
import * as o from "../../src/optim/index.ts";
import { SOFTWARE } from "../../src/scheduler/software.ts";
import { Population, type PopulationOptions } from "../../src/train/population.ts";
import { replay } from "../../src/train/replay.ts";
import { train } from "../../src/train/train.ts";
import { gradients, play, playBoth, tape } from "../harness/replay-reference.ts";
import { wrapped } from "../harness/wrapped.ts";

const task = { data: blobs({ count: 60, seed: 3 }), model: [linear(5), tanh(), linear(3)], loss: crossEntropy() };
const backend = openCpu();
const STEPS = 6;

const openWith = (options: Partial<PopulationOptions>, ...optimizers: o.Optimizer[]): Promise<Population> =>
  Population.open(backend, task, {
    batch: 8,
    steps: STEPS,
    runs: optimizers.map((optimizer) => ({ optimizer, init: 3, order: 4 })),
    ...options,
  });

const open = (...optimizers: o.Optimizer[]): Promise<Population> => openWith({}, ...optimizers);

const lr = 0.01;

describe("Lookahead", () => {
  test("the slow weights are alpha sum_j (1 - alpha)^j fast_(T - j) + (1 - alpha)^T start: 2.5", () => {
    const ends = [1, -2, 5];
    const problem = { start: [3], gradient: (t: number, [p = 0]: readonly number[]) => [p - (ends[t - 1] as number)] };
    const { eval: slow } = playBoth(o.lookahead(o.sgd({ lr: 1 }), { k: 1, alpha: 0.5 }), problem, 3);
    expect(slow[3]?.[0]).toBeCloseTo(2.5, 14);
  });

  test("on a x^2 / 2 it shrinks by 1 - alpha + alpha (1 - lr a)^k: .795245", () => {
    const problem = { start: [1], gradient: (_: number, [x = 0]: readonly number[]) => [x] };
    const path = playBoth(o.lookahead(o.sgd({ lr: 0.1 }), { k: 5, alpha: 0.5 }), problem, 10);
    for (const view of [path.train, path.eval]) {
      expect(view[5]?.[0]).toBeCloseTo(0.795245, 12);
      expect(view[10]?.[0]).toBeCloseTo(0.795245 ** 2, 12);
    }
    expect(path.eval[4]?.[0]).toBe(1);
  });
});

function same(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): void {
  a.forEach((p, t) => {
    p.forEach((x, i) => void expect(Math.abs(x - (b[t]?.[i] as number)), `step ${t}`).toBeLessThanOrEqual(1e-11));
  });
}

describe("identities", () => {
  const inner = o.adam({ lr });
  const pairs: Record<string, [o.Optimizer, o.Optimizer]> = {
    "Lookahead that goes all the way is its inner optimizer": [o.lookahead(inner, { k: 3, alpha: 1 }), inner],
    "Lookahead at every step is SGD at alpha lr": [
      o.lookahead(o.sgd({ lr }), { k: 1, alpha: 0.5 }),
      o.sgd({ lr: lr / 2 }),
    ],
    "SAM of radius 0 is its inner optimizer": [o.sam(inner, { rho: 0 }), inner],
    "adaptive SAM of radius 0 too": [o.sam(inner, { rho: 0, adaptive: true }), inner],
    "accumulating one gradient with SAM is SAM": [o.accumulate(o.sam(inner), { steps: 1 }), o.sam(inner)],
    "SAM of an accumulation is the accumulation of SAM": [
      o.sam(o.accumulate(inner, { steps: 3 })),
      o.accumulate(o.sam(inner), { steps: 3 }),
    ],
    "an average changes nothing that is trained": [o.ema(inner), inner],
    "accumulating one gradient is its inner optimizer": [o.accumulate(inner, { steps: 1 }), inner],
    "applying every step is its inner optimizer": [o.applyEvery(inner, 1), inner],
    "clipping above every rms changes nothing": [o.chain(o.clipByTensorRms(1e4), ...inner.links), inner],
    "schedule-free SGD whose average is of one step": [o.scheduleFreeSgd({ lr, beta: 1e-12 }), o.sgd({ lr })],
    "groups of one optimizer are that optimizer": [o.groups(inner, [{ where: "layer9", optimizer: "frozen" }]), inner],
  };
  test.each(Object.entries(pairs))("%s", (_, [a, b]) => same(play(a, tape, 30), play(b, tape, 30)));

  test("accumulated gradients are one large batch", () => {
    const steps = 4;
    const mean = gradients(tape.start, (t) =>
      [0, 1, 2, 3].map((i) => {
        const all = Array.from({ length: steps }, (_, k) => tape.gradient(steps * (t - 1) + k + 1, [])[i] as number);
        return all.reduce((a, b) => a + b, 0) / steps;
      }),
    );
    const every = play(o.accumulate(o.adam({ lr }), { steps }), tape, 40).filter((_, t) => t % steps === 0);
    same(every, play(o.adam({ lr }), mean, 10));
  });

  test("an average of decay 0 is p; a plain one the mean; a debiased one weighs as its formula says", () => {
    const trained = play(o.adam({ lr }), tape, 8);
    same(playBoth(o.ema(o.adam({ lr }), { decay: 0 }), tape, 8).eval, trained);
    const { eval: mean } = playBoth(o.swa(o.adam({ lr }), { from: 3 }), tape, 8);
    const { eval: debiased } = playBoth(o.ema(o.adam({ lr }), { decay: 0.9 }), tape, 8);
    for (const i of [0, 1, 2, 3]) {
      const column = trained.map((p) => p[i] as number);
      expect(mean[8]?.[i]).toBeCloseTo(column.slice(4).reduce((a, b) => a + b, 0) / 5, 12);
      const weights = column.slice(1).map((_, k) => 0.9 ** (7 - k));
      const total = weights.reduce((a, b) => a + b, 0);
      const want = column.slice(1).reduce((sum, x, k) => sum + (x * (weights[k] as number)) / total, 0);
      expect(debiased[8]?.[i]).toBeCloseTo(want, 12);
    }
    expect(mean[3]).toEqual(trained[3]);
  });

  test("cautious steps never go against the gradient", () => {
    const path = play(o.cautious(o.sgd({ lr, momentum: 0.9 })), tape, 50);
    path.slice(1).forEach((p, t) => {
      const g = tape.gradient(t + 1, []);
      p.forEach((x, i) => void expect(((path[t]?.[i] as number) - x) * (g[i] as number)).toBeGreaterThanOrEqual(0));
    });
  });

  test.each([1e-3, 1e3])("LAMB, NovoGrad and DoG do not see a factor %f of the gradients", (c) => {
    const scaled = gradients(tape.start, (t) => tape.gradient(t, []).map((g) => c * g));
    for (const make of [() => o.lamb({ lr, eps: 0 }), () => o.novograd({ lr, eps: 0 }), () => o.dog({ eps: 0 })]) {
      same(play(make(), tape, 20), play(make(), scaled, 20));
    }
  });
});

const KERNELS = ["update", "block_sums", "segment_sums", "block_terms", "settle", "line_terms", "line_settle"];

describe("dispatches", () => {
  const kernels = async (optimizer: o.Optimizer): Promise<string[]> => {
    const population = await openWith({ tuning: { ...SOFTWARE, updateInGradient: 0 } }, optimizer);
    const all = population.program.each.map(({ kernel }) => kernel);
    population.dispose();
    return all.filter((kernel) => KERNELS.includes(kernel));
  };
  const norms = ["block_terms", "settle"];
  test.each<[string, o.Optimizer, string[]]>([
    ["Adam", o.adam(), ["update"]],
    ["Adam, clipped", o.adam({ clip: 1 }), ["block_sums", "segment_sums", "update"]],
    ["LAMB, its norms' terms left by Adam", o.lamb(), ["update", "settle", "update"]],
    [
      "LAMB of two groups, whose lists of blocks take that place",
      o.groups(o.lamb(), [{ where: "vectors", optimizer: o.lamb() }]),
      ["update", ...norms, "update", "update", ...norms, "update"],
    ],
    ["SM3", o.sm3(), ["line_terms", "line_settle", "update"]],
    ["Adafactor", o.adafactor(), ["line_terms", "line_settle", "update", ...norms, "update"]],
    ["LARS without decay", o.lars(), [...norms, "update"]],
    ["NovoGrad", o.novograd(), [...norms, "update"]],
    ["Prodigy", o.prodigy(), ["update", ...norms, "update"]],
    ["DoG", o.dog(), [...norms, "update"]],
    ["cautious Adam", o.cautious(o.adam()), ["update", ...norms, "update"]],
    ["Lookahead, averaged", o.ema(o.lookahead(o.adam())), ["update"]],
    ["schedule-free AdamW", o.scheduleFreeAdamw(), ["update"]],
    ["accumulation", o.accumulate(o.adam()), ["update"]],
    ["SAM", o.sam(o.adam()), [...norms, "update", "update"]],
    [
      "SAM of a group",
      o.groups(o.adam(), [{ where: "vectors", optimizer: o.sam(o.sgd()) }]),
      [...norms, "update", "update", "update"],
    ],
    ["a frozen layer", o.freeze(o.adam(), "layer1"), ["update"]],
    ["two groups", o.groups(o.adam(), [{ where: "vectors", optimizer: o.sgd() }]), ["update", "update"]],
  ])("%s", async (_, optimizer, want) => expect(await kernels(optimizer)).toEqual(want));
});

describe("trainings", () => {
  test.each(Object.entries(wrapped))("%s: padding stays 0 and numbers finite; it learns", async (_, optimizer) => {
    const population = await open(optimizer);
    const before = await population.evaluate("train");
    await population.advance(0, STEPS);
    const after = await population.evaluate("train");
    expect(after[0]?.loss).toBeLessThan(before[0]?.loss as number);
    const { segments, size, slots } = population.arenas;
    const inside = new Set(
      segments.flatMap(({ offset, rows, cols, pitch }) =>
        Array.from({ length: rows * cols }, (_, i) => offset + Math.floor(i / cols) * pitch + (i % cols)),
      ),
    );
    for (const name of ["parameters", "state"]) {
      const data = await population.storage.read(name);
      expect(data.every(Number.isFinite)).toBe(true);
      for (let slot = 0; slot < (name === "state" ? slots : 1); slot++) {
        for (let i = 0; i < size; i++) if (!inside.has(i)) expect(data[slot * size + i]).toBe(0);
      }
    }
    population.dispose();
  });

  test("a frozen layer keeps every bit, the others move", async () => {
    const population = await open(o.freeze(o.adamw({ lr: 0.1 }), "layer1", "layer3.b"));
    const before = await population.read("parameters", 0);
    await population.advance(0, STEPS);
    const after = await population.read("parameters", 0);
    for (const name of ["layer1.w", "layer1.b", "layer3.b"]) expect(after.get(name)).toEqual(before.get(name));
    expect(after.get("layer3.w")).not.toEqual(before.get("layer3.w"));
    population.dispose();
  });

  test("a group trains as if alone: vectors by one optimizer, matrices by another", async () => {
    const both = o.groups(o.adam({ lr }), [{ where: "vectors", optimizer: o.sgd({ lr: 0.5 }) }]);
    const population = await open(both, o.adam({ lr }), o.sgd({ lr: 0.5 }));
    await population.advance(0, 1);
    const [mixed, adam, sgd] = await Promise.all([0, 1, 2].map((run) => population.read("parameters", run)));
    for (const name of ["layer1.w", "layer3.w"]) expect(mixed?.get(name)).toEqual(adam?.get(name));
    for (const name of ["layer1.b", "layer3.b"]) expect(mixed?.get(name)).toEqual(sgd?.get(name));
    population.dispose();
  });

  test("decay of matrices leaves biases alone", async () => {
    const population = await open(
      o.decayMatrices(o.adamw({ lr, weightDecay: 0.5 })),
      o.adam({ lr }),
      o.adamw({ lr, weightDecay: 0.5 }),
    );
    await population.advance(0, 1);
    const [some, none, every] = await Promise.all([0, 1, 2].map((run) => population.read("parameters", run)));
    expect(some?.get("layer1.w")).toEqual(every?.get("layer1.w"));
    expect(some?.get("layer1.b")).toEqual(none?.get("layer1.b"));
    population.dispose();
  });
});

describe("views", () => {
  test.each(["ema", "swa", "lookahead", "schedule-free adamw", "groups"])(
    "%s is evaluated at its average",
    async (name) => {
      const population = await open(wrapped[name] as o.Optimizer);
      expect(await population.evaluated(0)).toEqual(await population.read("parameters", 0));
      const [start] = await population.evaluate("test");
      await population.advance(0, STEPS - 1);
      const seen = await population.evaluated(0);
      expect(seen).not.toEqual(await population.read("parameters", 0));
      const plain = await open(o.sgd());
      const { segments, size } = plain.arenas;
      const all = new Float32Array(size);
      for (const { name: tensor, offset, rows, cols, pitch } of segments) {
        const values = seen.get(tensor) as Float32Array;
        for (let i = 0; i < rows; i++) all.set(values.subarray(i * cols, (i + 1) * cols), offset + i * pitch);
      }
      const want = (await plain.evaluate("test"))[0];
      expect(start).toEqual(want);
      plain.storage.write("parameters", all);
      expect(await population.evaluate("test")).toEqual(await plain.evaluate("test"));
      population.reset();
      expect((await population.evaluate("test"))[0]).toEqual(want);
      population.dispose();
      plain.dispose();
    },
  );

  test("runs without an average are evaluated where they train, beside runs with one", async () => {
    const mixed = await open(o.ema(o.sgd({ lr: 0.3 })), o.sgd({ lr: 0.3 }));
    const alone = await open(o.sgd({ lr: 0.3 }));
    for (const population of [mixed, alone]) await population.advance(0, STEPS);
    expect((await mixed.evaluate("test"))[1]).toEqual((await alone.evaluate("test"))[0]);
    mixed.dispose();
    alone.dispose();
  });

  test("a training gives both views, and predicts at the one that is evaluated", async () => {
    const run = train(backend, {
      ...task,
      optimizer: o.ema(o.sgd({ lr: 0.3 }), { decay: 0.9 }),
      batch: 8,
      steps: STEPS,
    });
    const x = task.data.x.slice(0, 2 * task.data.features) as Float32Array;
    const first = await run.predict(x);
    await run.finish();
    const [seen, trained] = [await run.parameters(), await run.parameters("train")];
    expect(seen.get("layer1.w")).not.toEqual(trained.get("layer1.w"));
    const last = await run.predict(x);
    expect(last.values).not.toEqual(first.values);
    await run.close();
  });
});

test("a rule of one's own with a reduction, as text, is cut, summed and played like ours", async () => {
  const rule = o.defineRule({
    name: "by mean magnitude",
    wgsl: `struct ByMean { mean: f32 }
fn by_mean(u: f32, p: f32, h: ByMean) -> f32 { return u / h.mean; }
fn by_mean_terms(u: f32, p: f32, h: ByMean) -> vec4f { return vec4f(abs(u), 0.0, 0.0, 0.0); }
fn by_mean_settle(sums: vec4f, count: f32, h: ByMean, before: vec4f) -> vec4f { return sums / count; }`,
    options: {},
    fields: () => ({}),
    reduces: o.reduction({
      fields: ["mean"],
      over: "tensor",
      terms: (u) => [Math.abs(u)],
      termsBound: (_, u) => [u],
      settle: ([sum = 0], count) => [sum / count],
    }),
    reference: (u, _, { mean = 1 }) => u / mean,
    bound: (by, u, _, { mean }) => by.divide(u, mean!),
  });
  const optimizer = o.chain(o.link(rule), o.descend(0.5));
  const start = { w: [1, 2], b: [3] };
  const { positions } = await replay(backend, optimizer, { start, gradients: [[3, -1, 8]] });
  expect(positions).toEqual([
    [1, 2, 3],
    [0.25, 2.25, 2.5],
  ]);
  o.rules.delete(rule.name);
});

describe("SAM", () => {
  /** f = sum a x^2 / 2; the gradients at p + rho g / |g| of the parts that are moved aside. */
  const a = [1, 3, 10];
  const bowl = (x: readonly number[]) => x.map((v, i) => v * (a[i] as number));
  const moved = (x: readonly number[], rho: number, which: readonly number[]) => {
    const g = bowl(x);
    const norm = Math.hypot(...which.map((i) => g[i] as number));
    return bowl(x.map((v, i) => (which.includes(i) ? v + (rho * (g[i] as number)) / norm : v)));
  };
  const start = { w: [[1, -2]], b: [0.5] };

  test("in a group moves that group aside by its own norm; every group steps from the gradient taken there", async () => {
    const optimizer = o.groups(o.sgd({ lr: 0.25 }), [
      { where: "w", optimizer: o.sam(o.sgd({ lr: 0.125 }), { rho: 0.5 }) },
    ]);
    const { positions } = await replay(openCpu({ precision: 64 }), optimizer, { start, gradients: bowl, steps: 6 });
    let x: readonly number[] = positions[0] as number[];
    for (let t = 1; t <= 6; t++) {
      const g = moved(x, 0.5, [0, 1]);
      x = x.map((v, i) => v - [0.125, 0.125, 0.25][i]! * (g[i] as number));
      positions[t]?.forEach((v, i) => void expect(v).toBeCloseTo(x[i] as number, 12));
    }
  });

  test("accumulates the gradients taken aside of every batch, and moves p when all are there", async () => {
    for (const optimizer of [
      o.accumulate(o.sam(o.sgd({ lr: 0.125 }), { rho: 0.5 }), { steps: 2 }),
      o.sam(o.accumulate(o.sgd({ lr: 0.125 }), { steps: 2 }), { rho: 0.5 }),
    ]) {
      const { positions } = await replay(openCpu({ precision: 64 }), optimizer, { start, gradients: bowl, steps: 4 });
      let x: readonly number[] = positions[0] as number[];
      for (const t of [1, 3]) {
        expect(positions[t]).toEqual(x);
        const g = moved(x, 0.5, [0, 1, 2]);
        x = x.map((v, i) => v - 0.125 * (g[i] as number));
        positions[t + 1]?.forEach((v, i) => void expect(v).toBeCloseTo(x[i] as number, 12));
      }
    }
  });

  test("needs a function of x in replay; the function's values are those before it looks around", async () => {
    const optimizer = o.sam(o.sgd({ lr: 0.5 }), { rho: 1 });
    await expect(replay(openCpu(), optimizer, { start: [1], gradients: [[1]] })).rejects.toThrow(
      "replay: an optimizer takes a second gradient, where the first has led; give gradients as a function of x",
    );
    const seen: number[] = [];
    const gradients = ([x = 0]: readonly number[]) => {
      seen.push(x);
      return { value: (x * x) / 2, gradient: [x] };
    };
    const { values, positions } = await replay(openCpu(), optimizer, { start: [4], gradients, steps: 2 });
    expect(seen).toEqual([4, 5, 1.5, 2.5]);
    expect(values).toEqual([8, 1.125]);
    expect(positions).toEqual([[4], [1.5], [0.25]]);
  });
});

describe("mistakes", () => {
  test.each<[string, () => unknown, string]>([
    ["lookahead", () => o.lookahead(o.sgd(), { k: 0 }), "lookahead"],
    ["ema", () => o.ema(o.sgd(), { decay: 1 }), "ema: decay is 1, expected 0 or more, under 1"],
    ["sam twice", () => o.sam(o.sam(o.sgd())), "sam: inner is sam itself; a step has two gradients at most"],
    [
      "sam of groups",
      () => o.sam(o.freeze(o.sgd(), "layer1")),
      "sam: inner has groups of parameters, its norm is over all",
    ],
    ["groups in groups", () => o.groups(o.freeze(o.sgd(), "layer1"), []), "groups: a group has groups of its own"],
    ["no groups", () => o.groups(o.sgd(), []), "groups: no groups, expected at least one"],
    ["schedule-free", () => o.scheduleFreeSgd({ beta: 0 }), "scheduleFreeSgd: beta is 0, expected a number over 0"],
    ["a schedule", () => o.scheduleFreeSgd({ lr: o.cosine(1, 2) as never }), "scheduleFreeSgd: lr"],
    [
      "a part alone",
      () => compileChain(o.chain({ rule: "cautious", options: {} }, o.descend())),
      "needs gradient of a rule",
    ],
  ])("%s", (_, act, message) => expect(act).toThrow(message));

  test("a group that no parameter belongs to", async () => {
    await expect(open(o.freeze(o.adam(), "layer7"))).rejects.toThrow(
      "groups: no parameter is layer7; there are layer1.w, layer1.b, layer3.w, layer3.b",
    );
  });
});
