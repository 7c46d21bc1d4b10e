import { describe, expect, it } from "vitest";
import type { Dataset } from "../../src/data/dataset.ts";
import { blobs, moons, sine, spirals, xor } from "../../src/data/synthetic.ts";
import { gamma, ULP } from "../../src/kernel/bound.ts";
import { crossEntropy, gelu, linear, meanSquaredError, relu, residual, tanh } from "../../src/nn/index.ts";
import { adam, sgd } from "../../src/optim/index.ts";
import { evaluationPlan } from "../../src/train/evaluation.ts";
import { Population } from "../../src/train/population.ts";
import { race, sweep } from "../../src/train/race.ts";
import { type TrainOptions, train } from "../../src/train/train.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";
import { advance } from "./support/bits.ts";
import { Carried } from "./support/carried.ts";
import { chains, glyphs, runsOf, waves } from "./support/tasks.ts";

expectNoUncapturedErrors();

interface Learned {
  readonly options: Omit<TrainOptions, "batch" | "seed">;
  /** The test accuracy, or the mean squared error, that whoever has learnt the set reaches. */
  readonly accuracy?: number;
  readonly loss?: number;
}

const cases: Record<string, Learned> = {
  // Clouds of deviation 0.2 whose borders are 1 away, 5 deviations: no row of 100 is on the wrong side.
  xor: {
    options: {
      data: xor({ seed: 1 }),
      model: [linear(8), tanh(), linear(2)],
      loss: crossEntropy(),
      optimizer: adam({ lr: 0.02 }),
      steps: 400,
    },
    accuracy: 1,
  },
  // Borders at sqrt(3) / 2, 4.3 deviations: 2e-5 a row.
  blobs: {
    options: {
      data: blobs({ seed: 1 }),
      model: [linear(3)],
      loss: crossEntropy(),
      optimizer: sgd({ lr: 0.5, momentum: 0.9 }),
      steps: 200,
    },
    accuracy: 1,
  },
  // Arcs come as near as 0.5, 2.5 deviations of 0.1 to the middle: at most 0.6 % of rows, so more than 4 of 100 in a case of a thousand.
  moons: {
    options: {
      data: moons({ seed: 1 }),
      model: [linear(16), tanh(), linear(2)],
      loss: crossEntropy(),
      optimizer: adam({ lr: 0.02 }),
      steps: 600,
    },
    accuracy: 0.96,
  },
  // Arms 2 r apart, noise 0.02: only rows nearer than 0.05 to the centre, one in 400, can be mistaken.
  spirals: {
    options: {
      data: spirals({ seed: 1 }),
      model: [linear(32), gelu(), residual(linear(32), gelu()), linear(2)],
      loss: crossEntropy(),
      optimizer: adam({ lr: 0.01 }),
      steps: 800,
    },
    accuracy: 0.97,
  },
  // What is left is the noise, 0.1 squared; on 100 rows its mean is off by 14 % a deviation, and the fit may add as much again.
  sine: {
    options: {
      data: sine({ seed: 1 }),
      model: [linear(16), tanh(), linear(1)],
      loss: meanSquaredError(),
      optimizer: adam({ lr: 0.03 }),
      steps: 1000,
    },
    loss: 0.02,
  },
};

it.each(Object.entries(cases))("%s is learnt", async (_, { options, accuracy, loss }) => {
  const run = train(await sharedBackend(), { batch: 32, seed: 1, ...options });
  const metrics: { step: number; loss: number }[] = [];
  for await (const at of run) metrics.push(at);
  expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: options.steps }, (__, i) => i));
  expect(metrics.at(-1)?.loss).toBeLessThan((metrics[0]?.loss as number) / 2);
  const test = await run.evaluate("test");
  if (accuracy !== undefined) expect(test.accuracy).toBeGreaterThanOrEqual(accuracy);
  if (loss !== undefined) expect(test.loss).toBeLessThan(loss);
  await run.close();
});

it("a race ranks a good learning rate before a hopeless one", async () => {
  const data = blobs({ seed: 2 });
  const entries = sweep([1e-7, 0.5], (lr) => [`sgd ${lr}`, sgd({ lr })]);
  const heat = race(await sharedBackend(), {
    data,
    model: [linear(3)],
    loss: crossEntropy(),
    entries,
    seeds: [1, 2, 3],
    batch: 32,
    steps: 100,
  });
  let last: readonly (readonly number[])[] = [];
  for await (const { loss } of heat) last = loss;
  expect(last.map((row) => row.length)).toEqual([3, 3]);
  const [hopeless, good] = last as [number[], number[]];
  expect(Math.max(...good)).toBeLessThan(Math.min(...hopeless));
  const outcome = await heat.evaluate("validation");
  expect(outcome.map(({ entry, seed }) => `${entry}/${seed}`)).toEqual(
    ["sgd 1e-7", "sgd 0.5"].flatMap((entry) => [1, 2, 3].map((seed) => `${entry}/${seed}`)),
  );
  await heat.close();
});

/** Sets whose training rows are no multiple of the 256 that an evaluation takes at a time. */
const uneven: Record<string, () => Pick<TrainOptions, "data" | "model" | "loss">> = {
  "bytes and labels": () => ({
    data: glyphs({ count: 700 }),
    model: [linear(12), relu(), linear(5)],
    loss: crossEntropy(),
  }),
  "floats and targets": () => ({ data: waves(400), model: [linear(10), tanh(), linear(2)], loss: meanSquaredError() }),
};

async function opened(name: string): Promise<Population> {
  const population = await Population.open(await sharedBackend(), uneven[name]!(), {
    batch: 16,
    steps: 30,
    runs: runsOf([chains.adam, chains.nesterov], 3),
  });
  await advance(population, 0, 30);
  return population;
}

describe.each(Object.keys(uneven))("evaluation, %s", (name) => {
  it("of a split with a partial last batch equals the f64 references within the carried bound", async () => {
    const population = await opened(name);
    for (const split of ["train", "test"] as const) {
      const rows = population.task.data.splits[split];
      const got = await population.evaluate(split);
      const plan = evaluationPlan(population, split, rows);
      const steps = Math.ceil(rows.count / plan.batch);
      if (split === "train") expect([steps > 1, rows.count % plan.batch > 0]).toEqual([true, true]);
      const bounds = new Carried();
      await bounds.load(population.storage, plan);
      bounds.run(plan, population.series, 0, steps);
      const { buffer, stride } = plan.metrics as { buffer: string; stride: number };
      const [sums, errors] = [bounds.data(buffer), bounds.errors(buffer)];
      for (const [run, { loss, accuracy, count }] of got.entries()) {
        const total = (from: ArrayLike<number>, kind: number): number => {
          const at = (step: number) => from[(step * 3 + population.placeOf(run)) * stride + kind] as number;
          return (
            Array.from({ length: steps }, (_, step) => at(step)).reduce((sum, value) => sum + value, 0) / rows.count
          );
        };
        expect(count).toBe(rows.count);
        expect(Math.abs(loss - total(sums, 0))).toBeLessThanOrEqual(total(errors, 0));
        expect(total(errors, 0)).toBeLessThan(1e-3 * total(sums, 0));
        expect(Math.abs(accuracy - total(sums, 1))).toBeLessThanOrEqual(total(errors, 1));
      }
    }
    population.dispose();
  });
});

/** The rows of a split as predict() takes them. */
function rowsOf({ x, features, splits }: Dataset, split: "train" | "test"): Uint8Array | Float32Array {
  const { start, count } = splits[split];
  return x.subarray(start * features, (start + count) * features);
}

describe("prediction", () => {
  it("gives probabilities whose sums are 1 within what rounding allows, and the classes in order", async () => {
    const { data, model, loss } = uneven["bytes and labels"]!();
    const run = train(await sharedBackend(), { data, model, loss, optimizer: chains.adam, batch: 16, steps: 60 });
    await run.finish();
    for (const split of ["train", "test"] as const) {
      const { rows, width, values, top } = await run.predict(rowsOf(data, split));
      const { start, count } = data.splits[split];
      expect([rows, width, values.length]).toEqual([count, 5, 5 * count]);
      // Each p is e / s, off by 2.5 ULP, and s is a sum of the same e: 5 of them in two vec4s, so 4 additions.
      const bound = gamma(4, 2 ** -24) + 2.5 * ULP;
      let hits = 0;
      for (let row = 0; row < rows; row++) {
        const p = values.subarray(5 * row, 5 * row + 5);
        expect(Math.abs(p.reduce((sum, value) => sum + value, 0) - 1)).toBeLessThanOrEqual(bound);
        const ranked = top(row, 5);
        expect(ranked.map(({ value }) => value)).toEqual([...p].sort((a, b) => b - a));
        expect(ranked.every(({ index, value, label }) => p[index] === value && label === `${index}`)).toBe(true);
        expect(top(row)).toEqual(ranked.slice(0, 1));
        if (ranked[0]?.index === data.y[start + row]) hits++;
      }
      // Counted without any masking: what evaluate says of the same rows.
      expect((await run.evaluate(split)).accuracy).toBe(hits / count);
    }
    await run.close();
  });

  it("gives a regression's outputs, whose mean squared error is the evaluation's", async () => {
    const { data, model, loss } = uneven["floats and targets"]!();
    const run = train(await sharedBackend(), { data, model, loss, optimizer: chains.adam, batch: 16, steps: 60 });
    await run.finish();
    const { values, width } = await run.predict(rowsOf(data, "train"));
    const { start, count } = data.splits.train;
    const squares = values.reduce((sum, value, i) => sum + (value - (data.y[start * width + i] as number)) ** 2, 0);
    const evaluated = (await run.evaluate("train")).loss;
    // Subtraction (twice, for the square), square, sum of 2, share, and a sum of 256 in 32 eights of 3 levels.
    expect(Math.abs(evaluated / (squares / values.length) - 1)).toBeLessThanOrEqual(
      gamma(2 + 1 + 2 + 1 + 32 + 3, 2 ** -24),
    );
    expect(count).toBeGreaterThan(256);
    await run.close();
  });

  it("says what is wrong with rows that do not fit", async () => {
    const { data, model, loss } = uneven["bytes and labels"]!();
    const run = train(await sharedBackend(), { data, model, loss, optimizer: chains.adam, batch: 16, steps: 10 });
    await expect(run.predict(new Uint8Array(20))).rejects.toThrow(
      /^predict: 20 numbers, expected rows of 21; give \[rows, 21\]$/,
    );
    await expect(run.predict(new Float32Array(21))).rejects.toThrow(
      /^predict: glyphs holds bytes \(Uint8Array\), x is not$/,
    );
    await run.close();
  });
});
