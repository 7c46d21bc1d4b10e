// What evaluation tells of a split: weighted losses and a regression's R2 and absolute error, over batches of which the last is not full.
import { describe, expect, it } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import { type Dataset, dataset } from "../../src/data/index.ts";
import {
  binaryCrossEntropy,
  crossEntropy,
  huber,
  type Loss,
  linear,
  meanAbsoluteError,
  meanSquaredError,
} from "../../src/nn/index.ts";
import { sharesOf } from "../../src/ops/regression_metrics.ts";
import { sgd } from "../../src/optim/index.ts";
import type { Evaluation } from "../../src/train/population.ts";
import { Population } from "../../src/train/population.ts";
import json from "../golden/ops.json?raw";

interface Golden {
  readonly regression: { targets: number[][]; predictions: number[][]; r2: number; meanAbsoluteError: number };
  readonly crossEntropy: { readonly classes: number[] };
}
const golden = JSON.parse(json) as Golden;

/** Evaluates a model that passes its input on, in f64 between stored f64 tensors. */
async function evaluated(data: Dataset, loss: Loss, fused = true): Promise<Evaluation> {
  const width = data.features;
  const options = { batch: 2, steps: 1, runs: [{ optimizer: sgd(), init: 1, order: 1 }], fused };
  const task = { data, model: [linear(width, { bias: false })], loss };
  const population = await Population.open(openCpu({ precision: 64 }), task, options);
  const { pitch } = population.arenas.segments[0]!;
  const identity = new Float32Array(width * pitch);
  for (let i = 0; i < width; i++) identity[i * pitch + i] = 1;
  population.storage.write("parameters", identity);
  const [found] = await population.evaluate("train");
  population.dispose();
  return found as Evaluation;
}

const whole = { shuffle: false, split: { train: 1, validation: 0, test: 0 } } as const;
const near = (got: number | undefined, want: number): void =>
  // Sums of f32, over rows that each come with a share or factor rounded to f32.
  expect(Math.abs((got as number) - want), `${got}, expected ${want}`).toBeLessThanOrEqual(2 ** -20 * Math.abs(want));

describe("a regression", () => {
  const { targets, predictions, r2, meanAbsoluteError: apart } = golden.regression;
  // Seven times the same rows: R2 and means stay, and 350 rows are a batch of 256 and one of 94.
  const times = <T>(rows: readonly T[]): T[] => Array.from({ length: 7 }, () => rows).flat();
  const regression = (): Dataset =>
    dataset({
      ...{ name: "offset", outputs: 2, ...whole },
      x: Float32Array.from(times(predictions).flat()),
      y: Float32Array.from(times(targets).flat()),
    });

  it.each([meanSquaredError(), meanAbsoluteError(), huber({ delta: 0.1 })])(
    "$kind: R2 and absolute error",
    async (loss) => {
      const found = await evaluated(regression(), loss);
      expect(found.count).toBe(350);
      // 1 - R2 is what is summed.
      near(1 - (found.r2 as number), 1 - r2);
      near(found.meanAbsoluteError, apart);
      if (loss.kind === "meanAbsoluteError") near(found.loss, apart);
    },
  );

  it("fused and unfused agree", async () => {
    expect(await evaluated(regression(), meanSquaredError(), false)).toEqual(
      await evaluated(regression(), meanSquaredError()),
    );
  });

  it("R2 is 1 for the targets themselves, 0 for their mean, and leaves out columns that do not vary", async () => {
    const y = Float32Array.from({ length: 600 }, (_, i) => (i % 2 === 0 ? 5 : 1000 + Math.sin(i)));
    const make = (x: Float32Array) => dataset({ ...{ name: "two columns", outputs: 2, ...whole }, x, y });
    expect((await evaluated(make(y.slice()), meanSquaredError())).r2).toBe(1);
    const second = y.filter((_, i) => i % 2 === 1);
    const mean = second.reduce((sum, value) => sum + value, 0) / second.length;
    const { r2: found } = await evaluated(make(y.map((value, i) => (i % 2 === 0 ? value : mean))), meanSquaredError());
    // The mean in f32 is off by up to 3e-5 of a spread of 0.7: 2e-9 of R2; the shares are rounded to f32.
    expect(Math.abs(found as number)).toBeLessThan(2 ** -20);
    const flat = dataset({ ...{ name: "flat", ...whole }, x: new Float32Array(8), y: new Float32Array(8).fill(0.1) });
    expect((await evaluated(flat, meanSquaredError())).r2).toBeNaN();
  });

  it("shares are those of two passes: none of them loses a small spread about a large mean", () => {
    const values = Float32Array.from({ length: 100 }, (_, i) => 1e6 + (i % 2 === 0 ? 0.5 : -0.5));
    expect(sharesOf(values, 1)).toEqual([Math.fround(1 / 25)]);
    expect(sharesOf(new Float32Array(10).fill(0.1), 1)).toEqual([0]);
  });
});

describe("classifiers tell neither", () => {
  it.each<[string, Dataset, Loss]>([
    [
      "labels",
      dataset({ ...{ name: "labels", ...whole }, x: Float32Array.of(2, 1, 0, 3), y: Uint32Array.of(0, 1) }),
      crossEntropy(),
    ],
    [
      "odds",
      dataset({
        ...{ name: "odds", outputs: 2, ...whole },
        x: Float32Array.of(2, -1, 1, 3),
        y: Float32Array.of(1, 0, 1, 1),
      }),
      binaryCrossEntropy(),
    ],
  ])("of %s", async (_, data, loss) => {
    const found = await evaluated(data, loss);
    expect(Object.keys(found).toSorted()).toEqual(["accuracy", "count", "loss"]);
    expect(found.accuracy).toBe(1);
  });
});

describe("weighted losses over a split", () => {
  const classes = 5;
  const rows = 300;
  const logits = Float32Array.from({ length: rows * classes }, (_, i) => Math.fround(3 * Math.sin(1 + 7 * i)));
  const labels = Uint32Array.from({ length: rows }, (_, i) => (i * i) % classes);
  const weights = Float32Array.from({ length: rows }, (_, i) => (i % 3) + (i % 7) / 4);
  const byClass = golden.crossEntropy.classes;

  /** -log p of a class, in f64. */
  const negative = (row: number, label: number): number => {
    const z = logits.subarray(row * classes, (row + 1) * classes);
    return Math.log(z.reduce((sum, value) => sum + Math.exp(value), 0)) - (z[label] as number);
  };

  it.each([
    [true, true],
    [true, false],
    [false, true],
  ])("cross-entropy: the sum of w l over the sum of w, by class %s, by row %s", async (class_, row) => {
    const of = (i: number): number => (class_ ? (byClass[labels[i] as number] as number) : 1) * (row ? weights[i]! : 1);
    let [sum, total] = [0, 0];
    for (let i = 0; i < rows; i++) {
      sum += of(i) * negative(i, labels[i] as number);
      total += of(i);
    }
    const data = dataset({ ...{ name: "weighted", x: logits, y: labels, ...whole }, ...(row ? { weights } : {}) });
    const found = await evaluated(data, crossEntropy(class_ ? { classWeights: byClass } : {}));
    near(found.loss, sum / total);
    const plain = await evaluated(dataset({ ...{ name: "plain", x: logits, y: labels, ...whole } }), crossEntropy());
    expect(found.accuracy).toBe(plain.accuracy);
  });

  it("squared error, and a data set whose weights are all 1 is as one without", async () => {
    const y = Float32Array.from({ length: rows }, (_, i) => Math.cos(i));
    const x = Float32Array.from({ length: rows }, (_, i) => Math.sin(i));
    const make = (given?: Float32Array) =>
      dataset({ ...{ name: "one column", x, y, ...whole }, ...(given ? { weights: given } : {}) });
    const pairs = Array.from(x, (value, i) => [weights[i]!, (value - y[i]!) ** 2] as const);
    const total = pairs.reduce((sum, [weight]) => sum + weight, 0);
    const want = pairs.reduce((sum, [weight, square]) => sum + weight * square, 0) / total;
    near((await evaluated(make(weights), meanSquaredError())).loss, want);
    const [one, none] = [
      await evaluated(make(new Float32Array(rows).fill(1)), meanSquaredError()),
      await evaluated(make(), meanSquaredError()),
    ];
    near(one.loss, none.loss);
    expect(make(weights).hash).not.toBe(make().hash);
  });

  it.each<[string, ArrayLike<number>, string]>([
    ["too few", [1, 2], "there are 2 weights, expected 3, one a row"],
    ["one below 0", [1, -2, 1], "the weight of row 1 is -2, expected 0 or more"],
    ["one that is no number", [1, 2, Number.NaN], "weights at row 2, column 0 is NaN"],
  ])("weights refused: %s", (_, given, message) => {
    expect(() => dataset({ x: new Float32Array(3), y: new Float32Array(3), weights: given })).toThrow(message);
  });
});
