// replay() on the CPU: the references as a program plays them, against the known answers, and what it refuses.
import { describe, expect, it, test } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import { exact } from "../../src/kernel/bound.ts";
import { type Optimizer, sampleFunctions } from "../../src/optim/chain.ts";
import { adam, linearDecay, plateau, sgd, valueAt } from "../../src/optim/index.ts";
import { type Rule, ruleNamed, type Values } from "../../src/optim/rule.ts";
import { ruleBoundOf } from "../../src/optim/rule_bounds.ts";
import "../../src/optim/update.bounds.ts";
import { replay, type Trajectory } from "../../src/train/replay.ts";
import { play, type Problem, rosenbrock, tape } from "../harness/replay-reference.ts";
import { Propagated } from "../harness/rounded.ts";
import { type Known, known, TOLERANCE } from "./support/rules.known.ts";

const last = ({ want }: Known): number => Math.max(...want.map(({ t }) => t));

const rounded = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Math.fround(value)]));

/** The rule with hyperparameters rounded to f32 once and its fields once more: what a kernel is given. */
const asGiven = (name: string): Rule => {
  const rule = ruleNamed(name);
  return { ...rule, fields: (h, t) => rounded(rule.fields(rounded(h), t)) };
};

const reduces = ({ links }: Optimizer): boolean => links.some(({ rule }) => ruleNamed(rule).reduces);

/** One vector, the view that is trained. */
const onePass = ({ shapes, view }: Known): boolean => !shapes && view !== "eval";

/** Rules that see nothing but their own state and the gradient's norm, at every step. */
const boundedAlone = ({ optimizer }: Known): boolean =>
  optimizer.links.every(({ rule: name, clock }) => {
    const { reduces, borrows, recalls, matrix, after, draws } = ruleNamed(name);
    return !clock && !draws && !after && !borrows && !recalls && !matrix && (!reduces || name === "clipByGlobalNorm");
  });

/** All entries of a problem as the runs of one population; those that end early are played on. */
function together(entries: readonly Known[], { start, gradient }: Problem): Promise<Trajectory[]> {
  return replay(
    openCpu({ precision: 64 }),
    entries.map(({ optimizer }) => optimizer),
    { start, gradients: (x, { t }) => gradient(t + 1, x), steps: Math.max(...entries.map(last)) },
  );
}

const problems: Record<string, [Known["on"], Problem]> = {
  "the tape": ["tape", tape],
  Rosenbrock: ["rosenbrock", rosenbrock],
};

describe.each(Object.entries(problems))("on %s, all at once", (_, [on, problem]) => {
  const entries = known.filter((entry) => entry.on === on && onePass(entry));
  const played = together(entries, problem);

  test.each(entries.map((entry, i) => [entry.name, entry, i] as const))(
    "%s is its references'",
    async (_, entry, i) => {
      const { positions } = (await played)[i] as Trajectory;
      const steps = last(entry);
      const want = play(entry.optimizer, problem, steps, { ruleOf: asGiven });
      // The norm is summed in another order.
      const allowed = reduces(entry.optimizer) ? 1e-12 : 0;
      want.forEach((p, t) => {
        p.forEach((x, k) => {
          const error = Math.abs((positions[t]?.[k] as number) - x);
          expect(error, `step ${t}`).toBeLessThanOrEqual(allowed * Math.max(1, Math.abs(x)));
        });
      });
    },
  );
});

/** What rounding hyperparameters and fields to f32 may change of p after each step, by the rules' own bounds. */
function roundingOf(optimizer: Optimizer, steps: number): number[][] {
  const by = new Propagated();
  const links = sampleFunctions(optimizer, steps).links.map(({ rule: name, options }) => {
    const rule = ruleNamed(name);
    return { rule, options, state: tape.start.map(() => Array.from({ length: rule.slots }, () => exact(0))) };
  });
  let p = tape.start.map(exact);
  return Array.from({ length: steps }, (_, t) => {
    let u = tape.gradient(t + 1, []).map(exact);
    for (const { rule, options, state } of links) {
      const h = Object.fromEntries(Object.entries(options).map(([name, of]) => [name, valueAt(of, t)]));
      const [want, got] = [rule.fields(h, t + 1), rounded(rule.fields(rounded(h), t + 1))];
      const f = Object.fromEntries(
        Object.entries(want).map(([name, v]) => [name, { v, e: Math.abs(v - (got[name] as number)) }]),
      );
      if (rule.reduces) f.squared_norm = u.reduce((sum, x) => by.add(sum, by.multiply(x, x)), exact(0));
      u = u.map((x, i) => ruleBoundOf(rule)(by, x, p[i]!, f, state[i]!));
    }
    p = p.map((x, i) => by.subtract(x, u[i]!));
    return p.map(({ e }) => e);
  });
}

/** Debiased, the variance of the first step is g^2 - g^2: the bound holds, but says little. */
const CANCELS: readonly string[] = ["extra rmsprop_centered_debiased_optax"];

describe("the known answers, within what rounding hyperparameters to f32 may change", () => {
  const entries = known.filter((entry) => entry.on === "tape" && onePass(entry) && boundedAlone(entry));
  const played = together(entries, tape);

  test.each(entries.map((entry, i) => [entry.name, entry, i] as const))("%s", async (_, entry, i) => {
    const { positions } = (await played)[i] as Trajectory;
    const allowed = roundingOf(entry.optimizer, last(entry));
    for (const { t, p } of entry.want) {
      p.forEach((x, k) => {
        const e = allowed[t - 1]?.[k] as number;
        const error = Math.abs((positions[t]?.[k] as number) - x);
        expect(error, `step ${t}, number ${k}`).toBeLessThanOrEqual(e + TOLERANCE * Math.max(1, Math.abs(x)));
        const path = positions.slice(1, t + 1).reduce((sum, p, i) => sum + Math.abs(p[k]! - positions[i]![k]!), 0);
        // The bound says something: it is below a hundredth of the number and of its way.
        if (CANCELS.includes(entry.name)) return;
        expect(e / Math.max(path, Math.abs(x)), `step ${t}, number ${k}`).toBeLessThan(1e-2);
      });
    }
  });
});

describe("replay", () => {
  const bowl = (x: readonly number[]) => ({ value: x.reduce((sum, a) => sum + a * a, 0) / 2, gradient: x });

  it("of one optimizer gives one trajectory, with values where the function gives them", async () => {
    const { positions, values } = await replay(openCpu(), sgd({ lr: 0.5 }), {
      start: [4, -8],
      gradients: bowl,
      steps: 3,
    });
    expect(positions).toEqual([
      [4, -8],
      [2, -4],
      [1, -2],
      [0.5, -1],
    ]);
    expect(values).toEqual([40, 10, 2.5]);
  });

  it("takes a tape, and gives no values for it", async () => {
    const options = { start: [1], gradients: [[1], [2], [4]] };
    expect((await replay(openCpu(), sgd({ lr: 1 }), options)).positions).toEqual([[1], [0], [-2], [-6]]);
    expect(await replay(openCpu(), sgd({ lr: 1 }), { ...options, steps: 1 })).toEqual({
      positions: [[1], [0]],
      values: [],
    });
  });

  it("runs of a population are the runs alone, in the order given, whatever their chains", async () => {
    const optimizers = [
      sgd({ lr: 0.1 }),
      adam({ lr: 0.1 }),
      sgd({ lr: linearDecay(0.2, 5) }),
      adam({ lr: 0.3, clip: 1 }),
    ];
    const options = { start: [1, -2, 3], gradients: bowl, steps: 5 };
    const all = await replay(openCpu(), optimizers, options);
    for (const [i, optimizer] of optimizers.entries())
      expect(all[i]).toEqual(await replay(openCpu(), optimizer, options));
  });

  it("keeps tensors apart and in order, whatever their padding", async () => {
    const start = {
      w: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      b: [7, 8, 9, 10, 11],
    };
    const tensors = await replay(openCpu(), adam({ lr: 0.1, clip: 1 }), { start, gradients: bowl, steps: 4 });
    const flat = await replay(openCpu(), adam({ lr: 0.1, clip: 1 }), {
      start: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      gradients: bowl,
      steps: 4,
    });
    expect(tensors.positions[0]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    tensors.positions.forEach((p, t) => {
      p.forEach((x, i) => void expect(x).toBeCloseTo(flat.positions[t]?.[i] as number, 6));
    });
  });

  it("tells values to a schedule that follows them", async () => {
    const lr = plateau(0.5, { factor: 0.5, patience: 0, every: 1, delay: 0 });
    const flat = () => ({ value: 1, gradient: [1] });
    const { positions } = await replay(openCpu(), sgd({ lr }), { start: [4], gradients: flat, steps: 4 });
    expect(positions.flat()).toEqual([4, 3.5, 3, 2.75, 2.625]);
  });

  it.each<[string, Parameters<typeof replay>[2], string]>([
    ["a function without steps", { start: [1], gradients: bowl }, "replay: steps is not given beside a function"],
    [
      "too few gradients",
      { start: [1], gradients: [[1]], steps: 2 },
      "replay: 1 gradients for 2 steps; give one for each",
    ],
    ["a short gradient", { start: [1, 2], gradients: [[1]] }, "the gradient of step 0 has 1 numbers, the start 2"],
    ["no numbers", { start: [], gradients: [[]] }, "replay: x has rows of no numbers, expected equal ones"],
    ["uneven rows", { start: [[1, 2], [3]], gradients: [[1]] }, "replay: x has rows of 2, 1 numbers, expected equal"],
    ["no tensors", { start: {}, gradients: [[1]] }, "replay: start has no tensors"],
    ["no steps", { start: [1], gradients: [], steps: 0 }, "replay: steps is 0, expected an integer >= 1"],
    ["an unknown option", { start: [1], gradient: [] } as never, 'replay: unknown option "gradient"; did you mean'],
  ])("%s is refused", async (_, options, message) => {
    await expect(replay(openCpu(), sgd(), options)).rejects.toThrow(message);
  });

  it("of nothing is refused", async () => {
    await expect(replay(openCpu(), [], { start: [1], gradients: [[1]] })).rejects.toThrow("replay: no optimizers");
  });
});
