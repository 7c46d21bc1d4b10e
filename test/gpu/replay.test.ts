// replay() on the GPU: every rule over a hundred steps of the tape stays within the bound that its own error bounds add
// up to.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { link, type Optimizer } from "../../src/optim/chain.ts";
import { adam, descend, type Rule, rules, sgd } from "../../src/optim/index.ts";
import { replay, type Trajectory } from "../../src/train/replay.ts";
import { openBounded } from "../../src/validate/bounded.ts";
import { everything } from "../harness/everything.ts";
import { tape } from "../harness/replay-reference.ts";
import { settingsOf } from "../../src/validate/settings.ts";
import { summary } from "../harness/summary.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";

expectNoUncapturedErrors();

const STEPS = 100;

/** Neither a part of a rule nor one that takes a second gradient. */
function standsAlone({ borrows, recalls, aside, after }: Rule): boolean {
  // After the step p - (p - x) stands for x, which bounds that know no dependence take for more and more.
  return !borrows && !recalls && !after && aside === undefined;
}

/** Every rule there is with three settings, each followed by a step of its own size. */
const entries = [...rules.values()].filter(standsAlone).flatMap((rule) =>
  settingsOf(rule).map((options, k) => {
    const lr = [0.01, 0.03, 0.1][k] as number;
    const step = rule.name === "descend" ? [link(rule, { lr })] : [link(rule, options), descend(lr)];
    return { rule: rule.name, name: `${rule.name} ${k}`, optimizer: { kind: "chain", links: step } as const };
  }),
);

/** The tape of the known answers, in f32. */
const options = {
  start: tape.start.map(Math.fround),
  gradients: Array.from({ length: STEPS }, (_, t) => tape.gradient(t + 1, []).map(Math.fround)),
};

interface Worst {
  readonly at: string;
  /** The difference over the bound, and the bound over the larger of the value and the way it has gone; worst steps. */
  readonly ratio: number;
  readonly share: number;
}

let all: Worst[] = [];
const rows = new Map<string, Worst[]>();

/** The worst step of each number of an entry. */
function compared(name: string, got: Trajectory, want: Trajectory, errors: Trajectory): Worst[] {
  return tape.start.map((_, k) => {
    let [path, ratio, share] = [0, 0, 0];
    for (let t = 1; t <= STEPS; t++) {
      const [x, before, e] = [want.positions[t]?.[k], want.positions[t - 1]?.[k], errors.positions[t]?.[k]] as number[];
      path += Math.abs((x as number) - (before as number));
      const difference = Math.abs((got.positions[t]?.[k] as number) - (x as number));
      ratio = Math.max(ratio, difference === 0 ? 0 : difference / (e as number));
      share = Math.max(share, (e as number) / Math.max(Math.abs(x as number), path));
      if (Number.isNaN(difference)) ratio = Number.POSITIVE_INFINITY;
    }
    return { at: `${name} [${k}]`, ratio, share };
  });
}

beforeAll(async () => {
  const optimizers = entries.map(({ optimizer }) => optimizer);
  const got = await replay(await sharedBackend(), optimizers, options);
  const want = await replay(openBounded("values"), optimizers, options);
  const errors = await replay(openBounded("errors"), optimizers, options);
  entries.forEach(({ name }, i) => {
    rows.set(name, compared(name, got[i] as Trajectory, want[i] as Trajectory, errors[i] as Trajectory));
  });
  all = [...rows.values()].flat();
});

/** A bound above this share of the number and its way says little: a sign may have been taken either way. */
const SAYING = 1e-2;

describe("a hundred steps in f32", () => {
  it.each(entries.map(({ name }) => name))("%s", (name) => {
    for (const { at, ratio } of rows.get(name) as Worst[]) expect(ratio, at).toBeLessThanOrEqual(1);
  });

  it("every bound says something: no number came to a branch, where a sign could be taken either way", () => {
    expect(all.filter(({ share }) => !(share < SAYING)).map(({ at }) => at)).toEqual([]);
  });

  it("something rounds", () => {
    expect(all.filter(({ ratio }) => ratio > 0).length).toBeGreaterThan(all.length / 2);
  });
});

afterAll(() => {
  const saying = all.filter(({ share }) => share < SAYING);
  const worst = saying.reduce((a, b) => (b.ratio > a.ratio ? b : a));
  const percent = (100 * worst.ratio).toFixed(1);
  summary(`replay: ${entries.length} runs x ${STEPS} steps within their bounds, worst ${percent} % at ${worst.at}`);
});

describe("every optimizer", () => {
  const names = Object.keys(everything).filter((name) => !everything[name]?.groups);
  /** Rules whose step follows the way gone so far: they leave f32 where gradients never turn. */
  const SATURATING = ["dog", "dowg", "prodigy"];
  const saturates = (name: string): boolean =>
    everything[name]?.links.some(({ rule }) => SATURATING.includes(rule)) === true;

  it("stays finite over 100 steps of gradients from 1e-19 to 1e17, but for those that saturate", async () => {
    const sizes = Array.from({ length: 37 }, (_, i) => 10 ** (i - 19));
    // A tensor for each size, so that no norm is that of the largest.
    const start = Object.fromEntries(sizes.map((_, i) => [`x${i}`, [1, -2, 0.5]]));
    const gradients = (_: readonly number[], { t }: { t: number }) =>
      sizes.flatMap((size) => [size, -size, size * Math.cos(t)].map(Math.fround));
    const optimizers = names.map((name) => everything[name] as Optimizer);
    const all = await replay(await sharedBackend(), optimizers, { start, gradients, steps: STEPS });
    const bad = names.filter((_, i) => all[i]?.positions.some((p) => !p.every(Number.isFinite)));
    expect(bad.filter((name) => !saturates(name))).toEqual([]);
  });

  it("is moved by no gradient, for a hundred steps, if it neither decays nor draws", async () => {
    const still = names.filter((name) => {
      const links = everything[name]?.links ?? [];
      return !links.some(
        ({ rule, options }) =>
          rules.get(rule)?.draws ||
          rule === "fromage" ||
          Object.entries(options).some(
            ([option, value]) => /^(weightDecay|decay)$/.test(option) && value !== 0 && rule !== "average",
          ),
      );
    });
    expect(still.length).toBeGreaterThan(names.length / 2);
    const start = { w: [[1, -2, 3]], b: [0.5, 0] };
    const gradients = (x: readonly number[]) => x.map(() => 0);
    const optimizers = still.map((name) => everything[name] as Optimizer);
    const all = await replay(await sharedBackend(), optimizers, { start, gradients, steps: STEPS });
    const moved = still.filter(
      (_, i) => JSON.stringify(all[i]?.positions[STEPS]) !== JSON.stringify([1, -2, 3, 0.5, 0]),
    );
    expect(moved).toEqual([]);
  });
});

describe("runs", () => {
  it("of a population give the bits of the run alone, in the order given", async () => {
    const backend = await sharedBackend();
    const optimizers = [adam({ lr: 0.01 }), sgd({ lr: 0.1, momentum: 0.9 }), adam({ lr: 0.1 })];
    const short = { ...options, steps: 5 };
    const together = await replay(backend, optimizers, short);
    for (const [i, optimizer] of optimizers.entries()) {
      expect(together[i]).toEqual(await replay(backend, optimizer, short));
    }
  });

  it("follow a function of their own position", async () => {
    const backend = await sharedBackend();
    const bowl = (x: readonly number[]) => ({ value: x.reduce((sum, a) => sum + a * a, 0) / 2, gradient: x });
    const start = { w: [[4, -8, 2]], b: [16] };
    const { positions, values } = await replay(backend, sgd({ lr: 0.5 }), { start, gradients: bowl, steps: 2 });
    expect(positions).toEqual([
      [4, -8, 2, 16],
      [2, -4, 1, 8],
      [1, -2, 0.5, 4],
    ]);
    expect(values).toEqual([170, 42.5]);
  });
});
