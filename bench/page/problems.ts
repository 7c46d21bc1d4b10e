// What is trained in the bench: data of fixed seeds, models, optimizers. The same numbers for every contender.
import { normal, uniform } from "../../src/core/random.ts";
import { type Dataset, dataset } from "../../src/data/index.ts";
import { crossEntropy, type Layer, linear, meanSquaredError, relu, tanh } from "../../src/nn/index.ts";
import { adam, adamw, type Optimizer } from "../../src/optim/index.ts";
import type { PopulationOptions } from "../../src/train/population.ts";
import type { Task } from "../../src/train/task.ts";

export interface Problem {
  readonly name: string;
  readonly widths: readonly number[];
  readonly activation: "relu" | "tanh";
  readonly loss: "crossEntropy" | "meanSquaredError";
  readonly batch: number;
  readonly runs: number;
  readonly optimizer: Optimizer;
  /** Rows of the data set. */
  readonly rows: number;
  /** Whether x is bytes, as images are. */
  readonly bytes: boolean;
}

const SEED = 20_260;
const PROTOTYPES = 1;
const NOISE = 2;

/** Noisy prototypes, one a class: bytes with scale 1 / 255, or floats in [0, 1]. */
function classes({ rows, widths, bytes, name }: Problem): Dataset {
  const [features = 1] = widths;
  const outputs = widths.at(-1) as number;
  const x = bytes ? new Uint8Array(rows * features) : new Float32Array(rows * features);
  const y = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) {
    y[i] = i % outputs;
    for (let j = 0; j < features; j++) {
      const value = 0.6 * uniform(SEED, PROTOTYPES, i % outputs, j) + 0.4 * uniform(SEED, NOISE, i, j);
      x[i * features + j] = bytes ? Math.floor(256 * value) : value;
    }
  }
  return dataset({ name, x, y, outputs, split: { train: 1 }, shuffle: false, ...(bytes ? { scale: 1 / 255 } : {}) });
}

/** y = sin(3 u) cos(2 v) of two normal numbers. */
function surface({ rows, name }: Problem): Dataset {
  const x = Float32Array.from({ length: 2 * rows }, (_, i) => normal(SEED, NOISE, i % 2, i >> 1));
  const y = Float32Array.from({ length: rows }, (_, i) => {
    return Math.sin(3 * (x[2 * i] as number)) * Math.cos(2 * (x[2 * i + 1] as number));
  });
  return dataset({ name, x, y, split: { train: 1 }, shuffle: false });
}

export function taskOf(problem: Problem): Task {
  const { widths, activation, loss } = problem;
  const act = activation === "relu" ? relu : tanh;
  const model = widths.slice(1).flatMap((width, i): Layer[] => (i === 0 ? [linear(width)] : [act(), linear(width)]));
  if (loss === "crossEntropy") return { data: classes(problem), model, loss: crossEntropy() };
  return { data: surface(problem), model, loss: meanSquaredError() };
}

/** More steps than any bench runs: schedules are not sampled here, so the number costs nothing. */
export const STEPS = 1_000_000_000;

export function optionsOf({ batch, runs, optimizer }: Problem, stepsPerSubmit = 16): PopulationOptions {
  return {
    batch,
    steps: STEPS,
    stepsPerSubmit,
    runs: Array.from({ length: runs }, (_, i) => ({ optimizer, init: i, order: i })),
  };
}

const image = { activation: "relu", loss: "crossEntropy", runs: 1, rows: 2048, bytes: true } as const;

/** The classifier of the design's budget. */
export const MEDIUM: Problem = {
  ...image,
  name: "784-256-10, batch 128, Adam",
  widths: [784, 256, 10],
  batch: 128,
  optimizer: adam(),
};

export const SMALL: Problem = {
  ...image,
  name: "64-32-10, batch 32, Adam",
  widths: [64, 32, 10],
  batch: 32,
  optimizer: adam(),
  rows: 512,
  bytes: false,
};

export const CLIPPED: Problem = {
  ...image,
  name: "200-96-64-7, batch 48, AdamW and clipping",
  widths: [200, 96, 64, 7],
  batch: 48,
  optimizer: adamw({ clip: 1 }),
  rows: 768,
  bytes: false,
};

/** Runs of a tiny regression, each with its own start and its own order of the rows. */
export const tiny = (runs: number): Problem => ({
  name: `${runs} x 2-16-1 tanh, batch 32, Adam`,
  widths: [2, 16, 1],
  activation: "tanh",
  loss: "meanSquaredError",
  batch: 32,
  runs,
  optimizer: adam(),
  rows: 512,
  bytes: false,
});

/** Many runs of a small image classifier. */
export const digitsRuns = (runs: number): Problem => ({
  ...image,
  name: `${runs} x 784-32-10, batch 32, Adam`,
  widths: [784, 32, 10],
  batch: 32,
  runs,
  optimizer: adam(),
});

/** An image classifier of any widths, for sweeps. */
export const classifier = (widths: readonly number[], batch: number): Problem => ({
  ...image,
  name: `${widths.join("-")}, batch ${batch}, Adam`,
  widths,
  batch,
  optimizer: adam(),
});
