import { describe, expect, it, vi } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import { linearData, spirals } from "../../src/data/index.ts";
import { crossEntropy, linear, meanSquaredError, tanh } from "../../src/nn/index.ts";
import { adam, sgd, valueAt } from "../../src/optim/index.ts";
import { lrSentence, lrSvg } from "../../src/report/index.ts";
import { type FindLrOptions, findLr, lrCurve, lrSweep, medianLoss } from "../../src/train/find_lr.ts";
import { Population } from "../../src/train/population.ts";
import { train } from "../../src/train/train.ts";

const cpu = openCpu();
const data = linearData({ count: 64, features: 4, noise: 0.1, split: { train: 1 } });
const base: FindLrOptions = {
  ...{ data, model: [linear(1)], loss: meanSquaredError(), batch: 32, seeds: [3] },
  optimizer: (lr) => sgd({ lr }),
};

/** Points of a known function of log10 lr. */
const sampled = (loss: (decade: number) => number, count = 101): { lr: number; loss: number }[] =>
  Array.from({ length: count }, (_, i) => {
    const decade = -6 + (7 * i) / (count - 1);
    return { lr: 10 ** decade, loss: loss(decade) };
  });

describe("lrCurve", () => {
  it("finds the steepest fall and a tenth of the minimum", () => {
    // A logistic fall about 10^-3, steepest there by symmetry, then a rise from 10^-1 on.
    const fall = (d: number): number => 2 - 1.5 / (1 + Math.exp(-4 * (d + 3)));
    const curve = lrCurve(sampled((d) => fall(d) + Math.max(0, d + 1)));
    // Points are 0.07 decades apart; the window blurs the corner at the minimum by 5 of them.
    expect(Math.abs(Math.log10(curve.steepest!) + 3)).toBeLessThan(0.071);
    expect(Math.abs(Math.log10(curve.minimumTenth!) + 2)).toBeLessThan(6.1 * 0.07);
    expect(curve.points).toHaveLength(101);
    expect(curve.diverged).toBeUndefined();
  });

  it("ends where the running mean is four times its least, or a loss is not finite", () => {
    const rises = lrCurve(sampled((d) => (d < -1 ? 1 : 100)));
    // A running mean over ten values passes 4 when 0.1 (1 - 0.9^k) 99 > 3: at the first.
    expect(rises.diverged).toBeCloseTo(10 ** (-6 + 7 * 0.72), 10);
    expect(rises.points.at(-1)!.lr).toBe(rises.diverged);
    const bad = lrCurve(sampled((d) => (d < 0 ? 1 - 0.1 * d : Number.NaN)));
    expect(bad.diverged).toBeCloseTo(10 ** (-6 + 7 * 0.86), 10);
    expect(bad.points.at(-1)!.lr).toBeLessThan(bad.diverged!);
    expect(bad.points.every(({ loss, smooth }) => Number.isFinite(loss) && Number.isFinite(smooth))).toBe(true);
  });

  it("suggests nothing where the loss never falls", () => {
    for (const loss of [() => 1, (d: number) => 7 + d]) {
      expect(lrCurve(sampled(loss))).toMatchObject({ steepest: undefined, minimumTenth: undefined });
    }
    expect(lrCurve([])).toEqual({ points: [], steepest: undefined, minimumTenth: undefined, diverged: undefined });
  });

  it("smooths without a lag: a straight line stays where it is", () => {
    const { points } = lrCurve(sampled((d) => 20 - d));
    for (const { loss, smooth } of points.slice(5, -5)) expect(Math.abs(smooth - loss)).toBeLessThan(1e-12 * 20);
  });

  it("medians", () => {
    expect(medianLoss([3, 1, 2])).toBe(2);
    expect(medianLoss([1, 2])).toBe(1.5);
    expect(medianLoss([1, Number.NaN, 2])).toBe(2);
    expect(medianLoss([Number.NaN, Number.NaN])).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("findLr", () => {
  it("is a training with that schedule: the same losses, by the lr of their step", async () => {
    const [from, to, steps] = [1e-4, 0.1, 30];
    const curve = await findLr(cpu, { ...base, from, to, steps });
    const schedule = lrSweep(from, to, steps);
    const { data, model, loss, batch } = base;
    const run = train(cpu, { data, model, loss, batch, steps, seed: 3, optimizer: base.optimizer(schedule) });
    let at = 0;
    for await (const { step, loss } of run) {
      const point = curve.points[at++]!;
      expect(point.loss).toBe(loss);
      expect(Math.abs(point.lr / valueAt(schedule, step) - 1)).toBeLessThan(1e-12);
    }
    await run.close();
    expect(curve.points).toHaveLength(steps);
    expect(curve.points.at(-1)!.lr).toBeCloseTo(to, 12);
  });

  it("takes the median of several seeds, and they are independent of each other", async () => {
    const options = { ...base, to: 0.1, steps: 25 };
    const singles = await Promise.all([1, 2, 3].map((seed) => findLr(cpu, { ...options, seeds: [seed] })));
    const together = await findLr(cpu, { ...options, seeds: [1, 2, 3] });
    together.points.forEach(({ loss }, i) => {
      expect(loss).toBe(medianLoss(singles.map(({ points }) => points[i]!.loss)));
    });
  });

  it("stops at divergence, beyond the edge of stability, and suggests an lr below it", async () => {
    const advance = vi.spyOn(Population.prototype, "advance");
    const { points, diverged, steepest, minimumTenth } = await findLr(cpu, { ...base, steps: 400 });
    const trained = advance.mock.calls.reduce((sum, [, count]) => sum + count, 0);
    advance.mockRestore();
    // Two submits of 16 steps may be under way.
    expect(trained).toBeLessThanOrEqual(points.length + 32);
    expect(trained).toBeLessThan(400);
    // The loss' Hessian is 2 X'X / n, about 2 times the identity: gradient descent is stable below lr 1 or a little less.
    expect(diverged).toBeGreaterThan(0.5);
    expect(diverged).toBeLessThan(10);
    for (const lr of [steepest!, minimumTenth!]) {
      expect(lr).toBeGreaterThan(1e-3);
      expect(lr).toBeLessThan(1);
    }
  });

  it.each<[string, object]>([
    ["findLr: from is 0, expected a finite number > 0", { from: 0 }],
    ["findLr: to is 0.01, expected a finite number > 0.1", { from: 0.1, to: 0.01 }],
    ["findLr: steps is 5, expected an integer >= 20", { steps: 5 }],
    ["findLr: optimizer is no function of the lr; write (lr) => adam({ lr })", { optimizer: adam({ lr: 1 }) }],
    ['findLr: unknown option "form"; did you mean "from"?', { form: 1 }],
  ])("refuses: %s", async (message, change) => {
    await expect(findLr(cpu, { ...base, ...change })).rejects.toThrow(message);
  });
});

describe("its plot", () => {
  it("is one SVG that says in words what it shows", async () => {
    const spiral = spirals({ count: 300 });
    const curve = await findLr(cpu, {
      ...{ data: spiral, model: [linear(16), tanh(), linear(2)], loss: crossEntropy(), batch: 32, to: 100 },
      optimizer: (lr) => adam({ lr }),
    });
    const svg = lrSvg(curve);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 640 360" role="img"/);
    expect(svg).toContain(`<desc>${lrSentence(curve)}</desc>`);
    expect(svg.match(/class="mark/g)).toHaveLength(2);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    const numbers = [...svg.matchAll(/<path class="line" d="M([^"]*)"/g)][0]![1]!.split("L");
    expect(numbers).toHaveLength(curve.points.length);
    for (const pair of numbers) {
      const [x = -1, y = -1] = pair.split(" ").map(Number);
      expect(x >= 56 && x <= 624 && y >= 44 && y <= 304, pair).toBe(true);
    }
  });

  it("of nothing, or of a loss that never falls, says so", () => {
    expect(lrSvg(lrCurve([]))).toContain("No loss was finite.");
    const flat = lrSvg(lrCurve(sampled(() => 1)));
    expect(flat).toContain("The loss never falls.");
    expect(flat).not.toMatch(/NaN|Infinity|class="mark/);
  });
});
