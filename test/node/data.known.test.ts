import { describe, expect, it } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import { linearData, linearParameters, teacher, teacherParameters } from "../../src/data/index.ts";
import { crossEntropy, linear, meanSquaredError, tanh } from "../../src/nn/index.ts";
import { sgd } from "../../src/optim/index.ts";
import { Population } from "../../src/train/population.ts";
import { restoreSections } from "../../src/train/sections.ts";
import { train } from "../../src/train/train.ts";
import type { Dataset } from "../../src/data/index.ts";
import type { Layer, Loss } from "../../src/nn/index.ts";

/** Loss and accuracy of a model that has these parameters, over all rows. */
async function judged(
  data: Dataset,
  model: Layer[],
  truth: Map<string, Float32Array>,
  loss: Loss = meanSquaredError(),
) {
  const runs = [{ optimizer: sgd({ lr: 0.1 }), init: 0, order: 0 }];
  const of = await Population.open(openCpu(), { data, model, loss }, { batch: 1, steps: 1, runs });
  const sections = [...truth].map(([name, numbers]) => {
    const { shape } = of.arenas.segments.find((segment) => segment.name === name)!;
    return { name: `run0/${name}`, shape, data: numbers };
  });
  restoreSections(of, { step: 0, recipe: undefined, sections });
  const [result] = await of.evaluate("train");
  of.dispose();
  return result!;
}

const all = { split: { train: 1 } };

/** f32 rounding of n sums of terms below `most`, squared: the loss where all else is right. */
const rounding = (n: number, most: number): number => (n * most * 2 ** -23) ** 2;

describe("linearData", () => {
  it("is answered by its parameters", async () => {
    const options = { ...all, count: 200, noise: 0, seed: 3 };
    const data = linearData(options);
    expect(data).toMatchObject({ name: "linear", features: 8, outputs: 1, classes: undefined });
    const { loss } = await judged(data, [linear(1)], linearParameters(options));
    expect(loss).toBeLessThan(rounding(10, 40));
    expect((await judged(data, [linear(1)], linearParameters({ seed: 4 }))).loss).toBeGreaterThan(0.1);
  });

  it("has the noise asked for: the truth's loss is noise^2", async () => {
    const count = 2000;
    const options = { ...all, count, noise: 0.3 };
    const { loss } = await judged(linearData(options), [linear(1)], linearParameters(options));
    // The mean of n squares of normals: variance 2 / n; 5 standard errors.
    expect(Math.abs(loss / 0.09 - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
  });

  it("takes a truth of one's own, and a network learns it", async () => {
    const options = { ...all, count: 64, noise: 0, weights: [2, -1, 0.5], bias: 3 };
    const data = linearData(options);
    expect(data.features).toBe(3);
    for (let i = 0; i < data.count; i++) {
      const [a, b, c] = data.x.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
      expect(data.y[i]).toBe(Math.fround(3 + 2 * a - b + 0.5 * c));
    }
    const run = train(openCpu(), {
      ...{ data, model: [linear(1)], loss: meanSquaredError(), batch: 64, steps: 400 },
      ...{ optimizer: sgd({ lr: 0.2 }), stepsPerSubmit: 1 },
    });
    await run.finish();
    const found = await run.parameters();
    await run.close();
    // Steps end where lr times the gradient is below half an ulp of a weight under 4: 2^-23 / 0.2 over curvatures above 0.5.
    for (const [name, want] of linearParameters(options)) {
      for (const [i, value] of want.entries()) expect(Math.abs(found.get(name)![i]! - value), name).toBeLessThan(1e-5);
    }
  });

  it.each([
    ["linear: there are 2 weights for 3 features", { weights: [1, 2], features: 3 }],
    ["linear: weights[1] is NaN, expected a finite number", { weights: [1, Number.NaN] }],
    ["linear: features is 0, expected an integer >= 1", { features: 0 }],
    ['linear: unknown option "weight"; did you mean "weights"?', { weight: [1] } as object],
  ])("refuses: %s", (message, options) => {
    expect(() => linearData(options)).toThrow(message);
  });
});

describe("teacher", () => {
  const model = (outputs: number): Layer[] => [linear(16), tanh(), linear(outputs)];

  it("is answered by its parameters", async () => {
    const options = { ...all, count: 200, seed: 5, outputs: 2 };
    const data = teacher(options);
    expect(data).toMatchObject({ name: "teacher", features: 8, outputs: 2, classes: undefined });
    expect((await judged(data, model(2), teacherParameters(options))).loss).toBeLessThan(rounding(40, 10));
    expect((await judged(data, model(2), teacherParameters({ ...options, seed: 6 }))).loss).toBeGreaterThan(0.1);
  });

  it("labels with the largest output, which its parameters find", async () => {
    const options = { ...all, count: 300, classes: 4 };
    const data = teacher(options);
    expect(data.classes).toHaveLength(4);
    expect(new Set(data.y).size).toBe(4);
    const { accuracy } = await judged(data, model(4), teacherParameters(options), crossEntropy());
    expect(accuracy).toBe(1);
  });

  it("depends on the seed, and refuses what it does not know", () => {
    expect(teacher({ count: 20 }).hash).toBe(teacher({ count: 20, seed: 0 }).hash);
    expect(teacher({ count: 20 }).hash).not.toBe(teacher({ count: 20, seed: 1 }).hash);
    expect(() => teacher({ classes: 3, outputs: 3 })).toThrow("teacher: outputs and classes are both given");
    expect(() => teacher({ classes: 1 })).toThrow("teacher: classes is 1, expected an integer >= 2");
    expect(() => teacher({ hiden: 3 } as object)).toThrow('unknown option "hiden"; did you mean "hidden"?');
  });
});
