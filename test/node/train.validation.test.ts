import { describe, expect, it } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import { type Dataset, dataset, moons } from "../../src/data/index.ts";
import { crossEntropy, linear, meanSquaredError, tanh } from "../../src/nn/index.ts";
import { adam, plateau, scheduleFreeSgd, sgd } from "../../src/optim/index.ts";
import { decodeCheckpoint } from "../../src/train/checkpoint.ts";
import { NonFinite } from "../../src/train/diagnose.ts";
import { load } from "../../src/train/load.ts";
import { type RaceOptions, race } from "../../src/train/race.ts";
import type { Validation } from "../../src/train/spec.ts";
import type { Training } from "../../src/train/training.ts";
import { type TrainOptions, train } from "../../src/train/train.ts";

/** Few noisy points and a network that learns them by heart: the validation loss falls, then rises. */
const data = moons({ count: 48, noise: 0.35, seed: 2, split: { train: 16, validation: 32 } });
const STEPS = 120;
const base: TrainOptions = {
  ...{ data, model: [linear(12), tanh(), linear(2)], loss: crossEntropy() },
  ...{ optimizer: adam({ lr: 0.05 }), batch: 8, steps: STEPS, seed: 1, stepsPerSubmit: 8 },
};
const cpu = openCpu();

interface End {
  readonly step: number;
  readonly parameters: [string, number[]][];
  readonly validations: readonly Validation[];
  readonly best: Validation | undefined;
  readonly stopped: number | undefined;
}

async function ended(run: Training): Promise<End> {
  await run.finish();
  const parameters = [...(await run.parameters())].map(([name, values]): [string, number[]] => [name, [...values]]);
  const { validations = [], best, stopped } = run.validation ?? {};
  await run.close();
  return { step: run.step, parameters, validations, best, stopped };
}

/** What validations every so many steps say, step by step, without the option. */
async function byHand(
  every: number,
  options: TrainOptions = base,
): Promise<{ validations: Validation[]; at: End["parameters"][] }> {
  const run = train(cpu, options);
  run.pause();
  const validations: Validation[] = [];
  const at: End["parameters"][] = [];
  for (let step = 1; step <= options.steps; step++) {
    await run.single();
    at[step] = [...(await run.parameters())].map(([name, values]) => [name, [...values]]);
    if (step % every === 0 || step === options.steps) validations.push(await run.evaluate("validation"));
  }
  await run.close();
  return { validations, at };
}

describe("validation", () => {
  it("is that of the parameters after every so many steps, and of the last; it changes no step", async () => {
    const options = { ...base, steps: 50 };
    const { validations, at } = await byHand(20, options);
    expect(validations.map(({ step }) => step)).toEqual([20, 40, 50]);
    const plain = await ended(train(cpu, options));
    for (const stepsPerSubmit of [1, 7, 16]) {
      const end = await ended(train(cpu, { ...options, stepsPerSubmit, validation: { every: 20 } }));
      expect(end.validations).toEqual(validations);
      expect(end.parameters).toEqual(plain.parameters);
      expect(end.parameters).toEqual(at[50]);
      expect(end.stopped).toBeUndefined();
    }
  });

  it("comes once an epoch by default", async () => {
    const { validations } = await ended(train(cpu, { ...base, steps: 5, validation: {} }));
    expect(validations.map(({ step }) => step)).toEqual([2, 4, 5]);
  });

  it.each([
    ["loss", 3, 0],
    ["loss", 4, 0.02],
    ["accuracy", 2, 0],
    ["accuracy", 3, 0.1],
  ] as const)(
    "stops early by the %s, patience %i, minDelta %f, where the validations say",
    async (monitor, patience, minDelta) => {
      const { validations, at } = await byHand(5);
      // Keras' rule: what is better than the mark by more than minDelta is the new mark.
      let [mark, waited, stop] = [Number.NEGATIVE_INFINITY, 0, STEPS];
      for (const validation of validations) {
        const value = monitor === "loss" ? -validation.loss : validation.accuracy;
        if (value - minDelta > mark) [mark, waited] = [value, 0];
        else if (++waited === patience) {
          stop = validation.step;
          break;
        }
      }
      expect(stop).toBeLessThan(STEPS);
      for (const stepsPerSubmit of [3, 16]) {
        const end = await ended(
          train(cpu, { ...base, stepsPerSubmit, validation: { every: 5, monitor, patience, minDelta } }),
        );
        expect(end.stopped).toBe(stop);
        expect(end.step).toBe(stop);
        expect(end.validations).toEqual(validations.slice(0, stop / 5));
        expect(end.parameters).toEqual(at[stop]);
      }
    },
  );

  it("keepBest goes back to the best step, whose state is evaluated and saved", async () => {
    const { validations, at } = await byHand(5);
    const least = Math.min(...validations.map(({ loss }) => loss));
    const best = validations.find(({ loss }) => loss === least)!;
    expect(best.step).toBeLessThan(STEPS);
    for (const patience of [4, 1000]) {
      const run = train(cpu, { ...base, validation: { every: 5, patience, keepBest: true } });
      const losses: number[] = [];
      for await (const { step } of run) losses.push(step);
      expect(losses).toEqual(losses.map((_, i) => i));
      expect(run.validation?.best).toEqual(best);
      const { step } = best;
      expect(await run.evaluate("validation")).toEqual(best);
      const saved = decodeCheckpoint(await run.save());
      expect(saved.step).toBe(step);
      expect(saved.validations).toEqual(validations.filter((one) => one.step <= step));
      expect(await run.single().catch((error: Error) => error.message)).toContain("is not paused");
      run.pause();
      expect(await run.single()).toBeUndefined();
      expect((await ended(run)).parameters).toEqual(at[step]);
    }
  });

  it("keeps a view's best as well", async () => {
    const run = train(cpu, {
      ...base,
      optimizer: scheduleFreeSgd({ lr: 8 }),
      validation: { every: 5, keepBest: true },
    });
    await run.finish();
    const { best } = run.validation!;
    expect(best!.step).toBeLessThan(STEPS);
    expect(await run.evaluate("validation")).toEqual(best);
    await run.close();
  });

  it("is part of the recipe, with all its values", async () => {
    const of = async (options: TrainOptions) => {
      const run = train(cpu, options);
      const { recipe, hash } = await run.recipe();
      await run.close();
      return { recipe, hash };
    };
    const plain = await of(base);
    expect(plain.recipe).not.toHaveProperty("validation");
    const validated = await of({ ...base, validation: { patience: 2 } });
    expect(validated.recipe.validation).toEqual({ every: 2, monitor: "loss", minDelta: 0, patience: 2 });
    expect(validated.hash).not.toBe(plain.hash);
    expect((await of({ ...base, validation: { patience: 2, every: 2, minDelta: 0 } })).hash).toBe(validated.hash);
  });
});

describe("a validated training goes on from a checkpoint as if it had never stopped", () => {
  const optimizers = { adam: base.optimizer, plateau: sgd({ lr: plateau(0.5, { patience: 3, factor: 0.5 }) }) };
  it.each(Object.keys(optimizers) as (keyof typeof optimizers)[])("%s", async (name) => {
    const options: TrainOptions = {
      ...{ ...base, optimizer: optimizers[name], steps: 80 },
      validation: { every: 10, patience: 4, keepBest: true },
    };
    const whole = await ended(train(cpu, options));
    const last = whole.validations.at(-1)!.step;
    for (const n of [1, 9, 10, 11, 25, last - 1]) {
      const run = train(cpu, options);
      run.pause();
      for (let i = 0; i < n; i++) await run.single();
      const bytes = await run.save();
      await run.close();
      const again = await ended(load(cpu, bytes, { data }));
      expect(again, `from step ${n}`).toEqual(whole);
    }
  });

  it("from a checkpoint that was taken while it ran, before the validation of its own step", async () => {
    const options: TrainOptions = { ...base, steps: 60, validation: { every: 10, keepBest: true } };
    const whole = await ended(train(cpu, options));
    const run = train(cpu, options);
    const saved: Uint8Array[] = [];
    for await (const { step } of run) if (step % 4 === 0) saved.push(await run.save());
    await run.close();
    for (const bytes of saved) expect(await ended(load(cpu, bytes, { data }))).toEqual(whole);
  });

  it("one that had stopped is at its end", async () => {
    const options: TrainOptions = { ...base, validation: { every: 5, patience: 2 } };
    const run = train(cpu, options);
    await run.finish();
    const bytes = await run.save();
    const again = await ended(load(cpu, bytes, { data }));
    expect(again).toEqual(await ended(run));
    expect(again.stopped).toBe(again.step);
    // With more patience it goes on.
    const more = await ended(load(cpu, bytes, { data, validation: { every: 5, patience: 1000 } }));
    expect(more.parameters).toEqual((await ended(train(cpu, base))).parameters);
  });
});

it("a number that is not finite ends it, and is never kept as the best", async () => {
  const run = train(cpu, { ...base, optimizer: sgd({ lr: 1e38 }), validation: { every: 1, keepBest: true } });
  await expect(run.finish()).rejects.toThrow(NonFinite);
  await run.close();
});

describe("refuses", () => {
  const bare: Dataset = dataset({ x: data.x, y: data.y as Uint32Array, shape: [2], split: { train: 1 } });
  const numbers = dataset({ x: data.x, y: new Float32Array(48), shape: [2] });
  const regression = { data: numbers, model: [linear(1)], loss: meanSquaredError() };
  it.each<[string, Partial<TrainOptions>]>([
    ["train validation: data has no validation rows; split the data with some", { data: bare, validation: {} }],
    ["train validation: every is 0, expected an integer >= 1", { validation: { every: 0 } }],
    ["train validation: patience is 0, expected an integer >= 1", { validation: { patience: 0 } }],
    ["train validation: minDelta is -1, expected a finite number >= 0", { validation: { minDelta: -1 } }],
    [
      'train validation: unknown option "patiense"; did you mean "patience"?',
      { validation: { patiense: 1 } as object },
    ],
    ['train validation: monitor is "f1", expected loss or accuracy', { validation: { monitor: "f1" as "loss" } }],
    ["train validation: meanSquaredError has no accuracy", { ...regression, validation: { monitor: "accuracy" } }],
  ])("%s", async (message, change) => {
    await expect(train(cpu, { ...base, ...change }).finish()).rejects.toThrow(message);
  });

  it("it in a race, by name", async () => {
    const { data, model, loss, batch, steps } = base;
    const options = { data, model, loss, batch, steps, seeds: [1], entries: { adam: base.optimizer } };
    await expect(race(cpu, { ...options, validation: { patience: 2 } } as RaceOptions).finish()).rejects.toThrow(
      "race: validation is given: early stopping and keeping the best are for train alone; all runs of a race train equally long",
    );
  });
});
