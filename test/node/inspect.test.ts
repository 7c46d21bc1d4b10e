// training.inspect(): norms by layer against sums by hand, dead units, and a training that does not notice.
import { describe, expect, test } from "vitest";
import {
  adam,
  chain,
  clipByGlobalNorm,
  crossEntropy,
  descend,
  linear,
  openBackend,
  relu,
  spirals,
  tanh,
  train,
} from "../../src/index.ts";
import type { TrainOptions } from "../../src/train/train.ts";

const task = (more: Partial<TrainOptions> = {}): TrainOptions => ({
  ...{ data: spirals({ count: 100 }), model: [linear(6), tanh(), linear(2)], loss: crossEntropy() },
  ...{ optimizer: adam({ lr: 0.01 }), batch: 8, steps: 6, seed: 3, stepsPerSubmit: 1, ...more },
});

const norm = (parts: readonly Float32Array[]): number =>
  Math.sqrt(parts.reduce((sum, part) => sum + part.reduce((all, value) => all + value * value, 0), 0));

describe("inspect", () => {
  test("plain descent: the update is lr times the gradient, whose norm is the parameters' difference over lr", async () => {
    const lr = 0.5;
    const run = train(await openBackend("cpu"), task({ optimizer: chain(descend(lr)) }));
    run.pause();
    await run.single();
    const before = await run.parameters();
    const { step, gradientNorm, layers } = await run.inspect();
    await run.single();
    const after = await run.parameters();
    expect(step).toBe(1);
    expect(layers.map(({ name }) => name)).toEqual(["layer1", "layer3"]);
    for (const { name, updateNorm, gradientNorm: own, ratio } of layers) {
      const names = [`${name}.w`, `${name}.b`];
      const old = names.map((at) => before.get(at) as Float32Array);
      const moved = names.map((at, i) => (after.get(at) as Float32Array).map((value, j) => value - (old[i]?.[j] ?? 0)));
      // The twin runs the same step: the same bits.
      expect(updateNorm).toBe(norm(moved));
      expect(ratio).toBeCloseTo(norm(moved) / norm(old), 12);
      // Each moved number is rounded once at the size of its parameter, at most 1: 2^-24 of it, over lr.
      expect(Math.abs(own - updateNorm / lr)).toBeLessThan((Math.sqrt(20) * 2 ** -24) / lr);
    }
    expect(gradientNorm).toBeCloseTo(Math.hypot(...layers.map((layer) => layer.gradientNorm)), 12);
    await run.close();
  });

  test("the gradient is taken before it is clipped", async () => {
    const backend = await openBackend("cpu");
    const [plain, clipped] = [chain(descend(0.1)), chain(clipByGlobalNorm(1e-3), descend(0.1))].map((optimizer) =>
      train(backend, task({ optimizer })),
    );
    const [free, bound] = [await plain?.inspect(), await clipped?.inspect()];
    expect(bound?.gradientNorm).toBe(free?.gradientNorm);
    const moved = (of: typeof free): number => Math.hypot(...(of?.layers ?? []).map(({ updateNorm }) => updateNorm));
    expect(moved(bound)).toBeLessThan(1.01e-4);
    expect(moved(free)).toBeGreaterThan(1e-3);
  });

  test("counts the units that give one number for the whole batch", async () => {
    const bias = { kind: "constant", value: -100 } as const;
    const model = [linear(6), relu(), linear(4, { bias }), relu(), linear(2)];
    const run = train(await openBackend("cpu"), task({ model }));
    const { units } = await run.inspect();
    expect(units.map(({ name, units: all }) => [name, all])).toEqual([
      ["layer2.relu", 6],
      ["layer4.relu", 4],
    ]);
    expect(units[0]?.dead).toBeLessThan(6);
    expect(units[1]?.dead).toBe(4);
  });

  test("a training that is looked into ends in the same bits, and may be looked into at its end", async () => {
    const backend = await openBackend("cpu");
    const [plain, watched] = [train(backend, task()), train(backend, task())];
    await plain.finish();
    watched.pause();
    for (let t = 0; t < 6; t++) {
      await watched.inspect();
      await watched.single();
    }
    expect((await watched.inspect()).step).toBe(5);
    expect([...(await watched.parameters())]).toEqual([...(await plain.parameters())]);
  });

  test("a profile names every dispatch of the step and leaves the training as it was", async () => {
    const backend = await openBackend("cpu");
    const run = train(backend, task());
    const before = await run.parameters();
    const rows = await run.profile();
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.every(({ name, bytes }) => name !== "" && bytes > 0)).toBe(true);
    expect([...(await run.parameters())]).toEqual([...before]);
  });
});
