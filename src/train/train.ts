// train(): one run of a task, as an async iterable of metrics. A race of one.
import { checkKeys } from "../core/check.ts";
import type { Backend } from "../backend/backend.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Layer } from "../nn/layer.ts";
import type { Loss } from "../nn/losses.ts";
import type { Optimizer } from "../optim/chain.ts";
import type { Order } from "../ops/batch.ts";
import type { NumericClass } from "../scheduler/plan.ts";
import { checkPace, type PaceMode } from "../scheduler/pace.ts";
import type { Tuning } from "../scheduler/tuning.ts";
import { Population, type PopulationOptions } from "./population.ts";
import { acceptFinite, watchFinite } from "./finite.ts";
import { remoteOf } from "./remote.ts";
import { Runner } from "./runner.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { LocalTraining, type Training } from "./training.ts";
import type { ValidationOptions } from "./validation.ts";

export interface TrainOptions {
  readonly data: Dataset;
  readonly model: readonly Layer[];
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** Rows a step. For more than fit at once: `accumulate(optimizer, k)` updates every k steps with their mean gradient. */
  readonly batch: number;
  /** Steps in all. */
  readonly steps: number;
  /** Seed (u32) of the start and, unless dataSeed is given, of the order of the rows. Default 0. */
  readonly seed?: number;
  readonly dataSeed?: number;
  /** How batches are drawn: a permutation an epoch (default), with replacement, or as the rows lie. */
  readonly order?: Order;
  /** Steps a submit; no result depends on it. Default 16. */
  readonly stepsPerSubmit?: number;
  /** "page" keeps a page's own thread smooth, "throughput" fills every submit; by default what suits the place. */
  readonly pace?: PaceMode;
  readonly signal?: AbortSignal;
  /** False runs the unfused plan. */
  readonly fused?: boolean;
  readonly tuning?: Tuning;
  /** Validates as it trains, to stop early or to keep the best. For one run only: a race compares at equal steps. */
  readonly validation?: ValidationOptions;
  /** "split-k" takes long sums in parts side by side, for results too few to fill a GPU; other bits, the same on every adapter. */
  readonly numericClass?: NumericClass;
}

const KEYS = [
  "data",
  "model",
  "loss",
  "optimizer",
  "batch",
  "steps",
  "seed",
  "dataSeed",
  "order",
  "stepsPerSubmit",
  "pace",
  "signal",
  "fused",
  "tuning",
  "validation",
  "numericClass",
];

function populationOptions(options: TrainOptions): PopulationOptions {
  const {
    batch,
    steps,
    seed = 0,
    dataSeed = seed,
    optimizer,
    order,
    stepsPerSubmit,
    fused,
    tuning,
    numericClass,
  } = options;
  return {
    batch,
    steps,
    runs: [{ optimizer, init: seed, order: dataSeed }],
    ...(order ? { order } : {}),
    ...(stepsPerSubmit ? { stepsPerSubmit } : {}),
    ...(fused === undefined ? {} : { fused }),
    ...(tuning ? { tuning } : {}),
    ...(numericClass ? { numericClass } : {}),
  };
}

/** Where a training begins: at step 0, or where a checkpoint was. */
export interface Start {
  readonly step: number;
  readonly prepare?: (population: Population) => void;
  readonly checkpoint?: Checkpoint;
}

/** Opens a population of one run. */
export async function open(backend: Backend, options: TrainOptions, start: Start): Promise<Runner> {
  checkKeys("train", options, KEYS);
  const { data, model, loss, signal, pace, validation } = options;
  checkPace("train", pace);
  const watching = validation && (await import("./validation.ts"));
  const asked = { ...populationOptions(options), ...watching?.recorded(options) };
  const population = await Population.open(backend, { data, model, loss }, asked);
  try {
    start.prepare?.(population);
    const runner: Runner = new Runner(population, {
      start: start.step,
      signal,
      pace,
      watch: (metrics) => watchFinite(runner, metrics),
      accept: (snapshot) => acceptFinite(runner, snapshot),
    });
    watching?.watch(runner, start.checkpoint);
    return runner;
  } catch (error) {
    population.dispose();
    throw error;
  }
}

export function training(opened: Promise<Runner>, options: TrainOptions): Training {
  opened.catch(() => {});
  return new LocalTraining(opened, options);
}

/**
 * Trains a model on a backend. Preparation errors reject the first use. The loss of step t (from 0) is the loss before update t;
 * the last partial batch of an epoch is dropped.
 */
export const train = (backend: Backend, options: TrainOptions): Training =>
  remoteOf(backend)?.train(options) ?? training(open(backend, options, { step: 0 }), options);
