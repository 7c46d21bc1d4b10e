// What theory says of optimizers on quadratics, with and without noise, and of drawing with replacement.
import { describe, expect, it, test } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import { draw } from "../../src/core/order.ts";
import { normal, streams } from "../../src/core/random.ts";
import {
  chain,
  chebyshev,
  constantFactor,
  cosine,
  descend,
  gradientNoise,
  groups,
  linearSchedule,
  momentum,
  oneCycle,
  type Optimizer,
  sgd,
  stepDecay,
} from "../../src/optim/index.ts";
import { learningRateAt } from "../../src/optim/chain.ts";
import { replay } from "../../src/train/replay.ts";
import { play, type Problem } from "../harness/replay-reference.ts";

/** f = sum a x^2 / 2 from x = 1. */
const quadratic = (curvatures: readonly number[]): Problem => ({
  start: curvatures.map(() => 1),
  gradient: (_, x) => x.map((value, i) => value * (curvatures[i] as number)),
});

const lossAt = (curvatures: readonly number[], x: readonly number[]): number =>
  x.reduce((sum, value, i) => sum + (value * value * (curvatures[i] as number)) / 2, 0);

const after = (optimizer: Optimizer, curvatures: readonly number[], steps: number): number =>
  lossAt(curvatures, play(optimizer, quadratic(curvatures), steps).at(-1) as number[]);

describe("quadratics", () => {
  const a = [1, 10, 100];

  it("gradient descent at 2 / (1 + 100) shrinks the extremes by 99 / 101 a step", () => {
    const path = play(sgd({ lr: 2 / 101 }), quadratic(a), 200);
    expect(lossAt(a, path[200] as number[])).toBeCloseTo(0.0169363455, 10);
    for (const [t, x] of path.entries()) {
      expect(Math.abs(x[0] as number)).toBeCloseTo((99 / 101) ** t, 12);
      expect(Math.abs(x[2] as number)).toBeCloseTo((99 / 101) ** t, 12);
    }
  });

  it("the heavy ball at its best momentum goes with the root of the condition number", () => {
    const best = { lr: (2 / 11) ** 2, momentum: (9 / 11) ** 2 };
    expect(best.momentum).toBeCloseTo(0.669421488, 9);
    expect(best.lr).toBeCloseTo(0.0330578512, 9);
    expect(after(sgd(best), a, 200) / 9.18e-29).toBeCloseTo(1, 2);
  });

  test.each([
    ["gradient descent at 2 / a", 0, 2],
    ["the heavy ball at 2 (1 + momentum) / a", 0.9, 3.8],
    ["the heavy ball with less momentum", 0.5, 3],
  ])("the edge of stability of %s", (_, momentum, edge) => {
    const curvature = 7;
    const value = (lr: number): number => after(sgd({ lr, momentum }), [curvature], 3000);
    expect(value((edge / curvature) * 0.99)).toBeLessThan(1e-10);
    expect(value((edge / curvature) * 1.01)).toBeGreaterThan(1e10);
  });

  it("Chebyshev's steps in fractal order do in 16 what a constant rate does in many more", async () => {
    const curvatures = [1, 2, 5, 11, 30, 47, 80, 100];
    const { start, gradient } = quadratic(curvatures);
    const options = { start, gradients: (x: readonly number[]) => gradient(0, x) };
    const lr = chebyshev(1, 100, 16);
    const [fast, slow] = await replay(openCpu(), [sgd({ lr }), sgd({ lr: lr.value })], { ...options, steps: 16 });
    const largest = (x: readonly number[] = []): number => Math.max(...x.map(Math.abs));
    const bound = 1 / Math.cosh(16 * Math.acosh(101 / 99));
    expect(largest(fast?.positions.at(-1))).toBeLessThanOrEqual(bound + 1e-5);
    expect(bound).toBeLessThan(0.09);
    expect(largest(slow?.positions.at(-1))).toBeGreaterThan(0.7);
    // Bounded on the way: no iterate is larger than a few times the start.
    for (const x of fast?.positions ?? []) expect(largest(x)).toBeLessThan(100);
  });
});

/** Mean and second moments of (x, b) under x -= lr (momentum b + h x + noise), b likewise, noise of a given variance. */
function exactRisk({ lr, momentum, steps }: { lr: number; momentum: number; steps: number }): number {
  let risk = 0;
  for (let i = 1; i <= 10; i++) {
    const h = 1 / i;
    const variance = h / BATCH;
    let [xx, xb, bb] = [1, 0, 0];
    for (let t = 0; t < steps; t++) {
      // b' = momentum b + h x + noise; x' = x - lr b'.
      const b2 = momentum ** 2 * bb + 2 * momentum * h * xb + h * h * xx + variance;
      const x1b = momentum * xb + h * xx;
      [xx, xb, bb] = [xx - 2 * lr * x1b + lr * lr * b2, x1b - lr * b2, b2];
    }
    risk += (h * xx) / 2;
  }
  return risk;
}

const BATCH = 8;

describe("the noisy quadratic: sampler, noise and optimizer together", () => {
  /** Independent copies side by side in one tensor: the optimizer sees each number alone. */
  const COPIES = 10000;
  const STEPS = 50;

  const curvatures = Array.from({ length: 10 }, (_, i) => 1 / (i + 1));

  /** The noise of every number's gradient at a step: number 10 copy + i has curvature h_i. */
  type Noise = (t: number) => number[];
  const each = (of: (copy: number) => (i: number) => number): number[] =>
    Array.from({ length: COPIES }, (_, copy) => curvatures.map((_, i) => i).map(of(copy))).flat();

  const normals: Noise = (t) =>
    each((copy) => (i) => Math.sqrt((curvatures[i] as number) / BATCH) * normal(6, streams.noise, t, 10 * copy + i));

  /**
   * What a batch of 8 makes, drawn with replacement from 1024 points: the corners of a box, +-1 / sqrt(h_i) by the bits of a
   * point's number. The loss sum h (x - point)^2 / 2 has gradient h x - h mean(points), of variance h^2 / h / 8.
   */
  const batches: Noise = (t) =>
    each((copy) => {
      const points = Array.from({ length: BATCH }, (_, j) => draw(t * BATCH + j, 1024, 1000 + copy));
      return (i) => {
        const ones = points.reduce((sum, point) => sum + ((point >> i) & 1), 0);
        return (-Math.sqrt(curvatures[i] as number) * (2 * ones - BATCH)) / BATCH;
      };
    });

  /** Mean loss over the copies after the steps and its standard error. */
  async function measured(optimizer: Optimizer, noise: Noise): Promise<{ mean: number; error: number }> {
    const gradients = (x: readonly number[], { t }: { t: number }): number[] => {
      const drawn = noise(t);
      return x.map((value, i) => (curvatures[i % 10] as number) * value + (drawn[i] as number));
    };
    const start = new Array<number>(10 * COPIES).fill(1);
    const { positions } = await replay(openCpu(), optimizer, { start, gradients, steps: STEPS });
    const last = positions[STEPS] as readonly number[];
    return meanOf((copy) => last.slice(10 * copy, 10 * copy + 10));
  }

  /** Fewer where the noise is the chain's own: its numbers, the same bits on every GPU, cost 224 coins each. */
  const FEWER = 2000;

  /** The same with the chain's own noise: a tensor for each curvature, in a group of its own. */
  async function withOwnNoise(h: { lr: number; momentum: number }): Promise<{ mean: number; error: number }> {
    const chains = curvatures.map((c) =>
      chain(gradientNoise({ eta: c / BATCH, gamma: 0 }), momentum({ momentum: h.momentum }), descend(h.lr)),
    );
    const names = curvatures.map((_, i) => `x${i}`);
    const start = Object.fromEntries(names.map((name) => [name, new Array<number>(FEWER).fill(1)]));
    const [first, ...others] = chains as [Optimizer, ...Optimizer[]];
    const optimizer = groups(
      first,
      others.map((at, i) => ({ where: names[i + 1] as string, optimizer: at })),
    );
    const gradients = (x: readonly number[]): number[] =>
      x.map((value, i) => (curvatures[Math.floor(i / FEWER)] as number) * value);
    const { positions } = await replay(openCpu(), optimizer, { start, gradients, steps: STEPS, seed: 9 });
    const last = positions[STEPS] as readonly number[];
    return meanOf((copy) => curvatures.map((_, i) => last[i * FEWER + copy] as number), FEWER);
  }

  function meanOf(positionOf: (copy: number) => readonly number[], copies = COPIES): { mean: number; error: number } {
    let [sum, squares] = [0, 0];
    for (let copy = 0; copy < copies; copy++) {
      const loss = lossAt(curvatures, positionOf(copy));
      sum += loss;
      squares += loss * loss;
    }
    const mean = sum / copies;
    return { mean, error: Math.sqrt((squares / copies - mean * mean) / copies) };
  }

  it("the recursion gives the known risks", () => {
    expect(exactRisk({ lr: 0.5, momentum: 0, steps: 50 })).toBeCloseTo(0.0539533, 8);
    expect(exactRisk({ lr: 0.1, momentum: 0.9, steps: 50 })).toBeCloseTo(0.09648639, 8);
    expect(exactRisk({ lr: 0.5, momentum: 0, steps: 100000 })).toBeCloseTo(0.05333648, 8);
  });

  type Settings = { readonly lr: number; readonly momentum: number };
  const settings: [string, Settings][] = [
    ["gradient descent", { lr: 0.5, momentum: 0 }],
    ["the heavy ball", { lr: 0.1, momentum: 0.9 }],
  ];
  const ways: [string, (h: Settings) => Promise<{ mean: number; error: number }>][] = [
    ["normal noise", (h) => measured(sgd(h), normals)],
    ["batches drawn with replacement", (h) => measured(sgd(h), batches)],
    ["gradientNoise of the chain", withOwnNoise],
  ];

  test.each(
    settings.flatMap(([name, h]) =>
      ways.map(([way, run]): [string, string, Settings, typeof run] => [name, way, h, run]),
    ),
  )("%s, %s: within five standard errors of the exact risk", async (_, __, h, run) => {
    const { mean, error } = await run(h);
    const exact = exactRisk({ ...h, steps: STEPS });
    expect(Math.abs(mean - exact)).toBeLessThan(5 * error);
    // The test can tell: noise, rate or momentum off by a tenth lie outside.
    expect(5 * error).toBeLessThan(0.1 * exact);
    for (const off of [{ lr: 1.1 * h.lr }, { momentum: h.momentum + 0.09 }]) {
      expect(Math.abs(exactRisk({ ...h, ...off, steps: STEPS }) - exact)).toBeGreaterThan(5 * error);
    }
  });
});

describe("worked numbers", () => {
  it("8: with replacement, an example is drawn at least once and exactly once as often as chance has it", () => {
    for (const { n, once, never, epochs } of [
      { n: 20, once: 0.377354, never: 1 - 0.641514, epochs: 5000 },
      { n: 50000, once: 0.367883, never: 1 - 0.632124, epochs: 4 },
    ]) {
      expect((1 - 1 / n) ** n).toBeCloseTo(never, 5);
      expect((n / (n - 1)) * (1 - 1 / n) ** n).toBeCloseTo(once, 5);
      let [unseen, single] = [0, 0];
      for (let epoch = 0; epoch < epochs; epoch++) {
        const counts = new Uint32Array(n);
        for (let i = 0; i < n; i++) counts[draw(epoch * n + i, n, 17)]!++;
        unseen += counts.filter((count) => count === 0).length;
        single += counts.filter((count) => count === 1).length;
      }
      const total = n * epochs;
      // Counts of an epoch hinder each other, which only narrows them: binomial errors are an upper bound.
      const five = (p: number): number => 5 * Math.sqrt((p * (1 - p)) / total);
      expect(Math.abs(unseen / total - never)).toBeLessThan(five(never));
      expect(Math.abs(single / total - once)).toBeLessThan(five(once));
    }
  });

  it("16: five schedules as the learning rate of a chain", () => {
    const rates = (lr: Parameters<typeof sgd>[0], steps: number): number[] =>
      Array.from({ length: steps }, (_, t) => learningRateAt(sgd(lr), t));
    const near = (got: readonly number[], want: readonly number[]): void =>
      want.forEach((x, t) => void expect(got[t], `step ${t}`).toBeCloseTo(x, 6));
    near(rates({ lr: stepDecay(1, 3) }, 8), [1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01]);
    near(rates({ lr: constantFactor(1, 5) }, 6), [1 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 1]);
    near(rates({ lr: linearSchedule(1, 5) }, 6), [0.333333, 0.466667, 0.6, 0.733333, 0.866667, 1]);
    near(
      rates({ lr: cosine(1, 10, { to: 0.1 }) }, 11),
      [1, 0.977975, 0.914058, 0.814503, 0.689058, 0.55, 0.410942, 0.285497, 0.185942, 0.122025, 0.1],
    );
    near(
      rates({ lr: oneCycle(1, 10) }, 10),
      [0.04, 0.52, 1, 0.950485, 0.811746, 0.611262, 0.388742, 0.188258, 0.0495194, 4e-6],
    );
  });
});
