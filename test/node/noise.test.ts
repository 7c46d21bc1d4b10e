// Gradient noise: its size by the step, whose numbers they are, and that neither runs nor shapes nor groups change them.
import { describe, expect, test } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import { gaussian, streams } from "../../src/core/random.ts";
import * as o from "../../src/optim/index.ts";
import { replay, type ReplayOptions } from "../../src/train/replay.ts";

const noisy = (options?: { eta?: number; gamma?: number }, lr = 1) => o.chain(o.gradientNoise(options), o.descend(lr));

/** The noise alone: there is no gradient, and each step is its negative. */
async function noiseOf(optimizer: o.Optimizer, options: Partial<ReplayOptions>, steps = 4): Promise<number[][]> {
  const start = options.start ?? new Array<number>(15).fill(0);
  const gradients = (x: readonly number[]) => x.map(() => 0);
  const { positions } = await replay(openCpu({ precision: 64 }), optimizer, { steps, ...options, start, gradients });
  return positions.slice(1).map((p, t) => p.map((x, i) => (positions[t]?.[i] as number) - x));
}

const close = (of: readonly (readonly number[])[]) => of.map((row) => row.map((x) => expect.closeTo(x, 9)));

describe("gradientNoise", () => {
  test("is sqrt(eta / (1 + t)^gamma) times a number of the run's seed, the tensor, the step, the element", async () => {
    const got = await noiseOf(noisy({ eta: 0.25, gamma: 0.5 }), {
      start: { w: [[0, 0, 0]], b: [0, 0] },
      seed: 0xfedcba98,
    });
    const want = [0, 1, 2, 3].map((t) =>
      [0, 1, 2, 3, 4].map((i) => {
        const [tensor, index] = i < 3 ? [0, i] : [1, i - 3];
        return (
          Math.fround(Math.sqrt(0.25 / (1 + t) ** 0.5)) * gaussian(0xfedcba98, streams.gradient + tensor, t, index)
        );
      }),
    );
    expect(got).toEqual(close(want));
  });

  test("mean and variance over 20,000 numbers and 3 steps are within 5 standard errors", async () => {
    const n = 20_000;
    const steps = await noiseOf(noisy({ eta: 0.3, gamma: 0.55 }), { start: new Array<number>(n).fill(0) }, 3);
    steps.forEach((row, t) => {
      const variance = 0.3 / (1 + t) ** 0.55;
      expect(Math.abs(row.reduce((sum, x) => sum + x, 0) / n)).toBeLessThan(5 * Math.sqrt(variance / n));
      const square = row.reduce((sum, x) => sum + x * x, 0) / n;
      expect(Math.abs(square - variance)).toBeLessThan(5 * variance * Math.sqrt(2 / n));
    });
    const product = (steps[0] as number[]).reduce((sum, x, i) => sum + x * (steps[1]?.[i] as number), 0) / n;
    expect(Math.abs(product)).toBeLessThan(5 * (0.3 / 2 ** 0.275) * Math.sqrt(1 / n));
  });

  test("does not see a tensor's shape and padding, nor tensors after it", async () => {
    const vector = await noiseOf(noisy(), { start: new Array<number>(15).fill(0) });
    const rows = [0, 1, 2].map(() => [0, 0, 0, 0, 0]);
    expect(await noiseOf(noisy(), { start: { w: rows } })).toEqual(vector);
    const more = await noiseOf(noisy(), { start: { w: rows, b: [0, 0, 0] } });
    expect(more.map((row) => row.slice(0, 15))).toEqual(vector);
    // Another tensor draws other numbers.
    expect(more[0]?.slice(15)).not.toEqual(more[0]?.slice(0, 3));
  });

  test("of a run is that of the run alone; seeds differ, runs of one seed agree", async () => {
    const start = [0, 0, 0, 0, 0];
    const gradients = (x: readonly number[]) => x.map(() => 0);
    const cpu = openCpu({ precision: 64 });
    const optimizers = [o.adam(), noisy(), noisy(), noisy()];
    const all = await replay(cpu, optimizers, { start, gradients, steps: 3, seed: [1, 5, 6, 5] });
    const alone = await replay(cpu, noisy(), { start, gradients, steps: 3, seed: 5 });
    expect(all[1]).toEqual(alone);
    expect(all[3]).toEqual(alone);
    expect(all[2]?.positions[1]).not.toEqual(alone.positions[1]);
  });

  test("does not see groups; two in one chain draw numbers of their own", async () => {
    const start = { w: [[0, 0, 0]], b: [0, 0] };
    const one = await noiseOf(noisy(), { start });
    const grouped = await noiseOf(o.groups(noisy(), [{ where: "b", optimizer: noisy() }]), { start });
    expect(grouped).toEqual(one);
    const twice = await noiseOf(o.chain(o.gradientNoise(), o.gradientNoise(), o.descend(1)), { start });
    const second = twice.map((row, t) => row.map((x, i) => x - (one[t]?.[i] as number)));
    const want = [0, 1, 2].map((i) => Math.fround(0.1) * gaussian(0, streams.gradient + 65536, 0, i));
    expect(second[0]?.slice(0, 3)).toEqual(want.map((x) => expect.closeTo(x, 6)));
  });

  test("eta and gamma take schedules; a function needs no more", async () => {
    const [, second] = await noiseOf(
      o.chain(o.gradientNoise({ eta: (t) => (t === 1 ? 4 : 0), gamma: 0 }), o.descend(1)),
      {},
    );
    expect(second?.[3]).toBeCloseTo(2 * gaussian(0, streams.gradient, 1, 3), 6);
    await expect(noiseOf(noisy(), { seed: [1, 2] })).rejects.toThrow(
      "replay: 2 seeds for 1 optimizers; give one for each",
    );
  });
});
