// train(): one run of a task, as an async iterable of metrics. A race of one.
import { checkKeys, fail } from "../core/check.ts";
import type { Backend } from "../backend/backend.ts";
import type { Dataset } from "../data/dataset.ts";
import type { SplitName } from "../data/split.ts";
import type { Layer } from "../nn/layer.ts";
import type { Loss } from "../nn/losses.ts";
import type { Optimizer } from "../optim/chain.ts";
import type { Order } from "../ops/batch.ts";
import type { NumericClass } from "../scheduler/plan.ts";
import type { PaceMode } from "../scheduler/pace.ts";
import type { Tuning } from "../scheduler/tuning.ts";
import type { Inspection, Inspector } from "./inspect.ts";
import {
  CLEAR,
  type DispatchProfile,
  type Evaluation,
  Population,
  type PopulationOptions,
  type Snapshot,
  type StepMetrics,
} from "./population.ts";
import type { Predictor } from "./predict.ts";
import type { Prediction } from "./prediction.ts";
import type { Recipe } from "./recipe.ts";
import { remoteOf } from "./remote.ts";
import { Runner } from "./runner.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Validated, ValidationOptions, Watch } from "./validation.ts";

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

/** Loss (and accuracy, for labels) of the batch of a step, before its update. */
export interface Metrics {
  readonly step: number;
  readonly loss: number;
  readonly accuracy: number;
}

const metricsOf = ({ step, loss, accuracy }: StepMetrics): Metrics => ({
  step,
  loss: loss[0] as number,
  accuracy: accuracy[0] as number,
});

/** A training: iterate it for its metrics, or await finish(). The same in this thread and in a worker. */
export type Training = Pick<LocalTraining, keyof LocalTraining>;

export class LocalTraining implements AsyncIterable<Metrics> {
  readonly #opened: Promise<Runner>;
  readonly #options: TrainOptions;
  #runner: Runner | undefined;
  #predictor: Promise<Predictor> | undefined;
  #inspector: Promise<Inspector> | undefined;

  constructor(opened: Promise<Runner>, options: TrainOptions) {
    this.#opened = opened;
    this.#options = options;
    opened.then(
      (runner) => {
        this.#runner = runner;
      },
      () => {},
    );
  }

  /** Steps done. */
  get step(): number {
    return this.#runner?.step ?? 0;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Metrics> {
    const runner = await this.#opened;
    for await (const metrics of runner.metrics()) yield metricsOf(metrics);
  }

  /** Trains to the end; the last step's metrics. */
  async finish(): Promise<Metrics | undefined> {
    let last: Metrics | undefined;
    for await (const metrics of this) last = metrics;
    return last;
  }

  /** Lets the submits in flight land and issues no more. */
  pause(): void {
    if (this.#runner) this.#runner.pause();
    else void this.#opened.then((runner) => runner.pause());
  }

  resume(): void {
    if (this.#runner) this.#runner.resume();
    else void this.#opened.then((runner) => runner.resume());
  }

  /** One step of a paused training; undefined when it is at its end. */
  async single(): Promise<Metrics | undefined> {
    const metrics = await (await this.#opened).single();
    return metrics && metricsOf(metrics);
  }

  /** With the option `validation`: the validations so far, the best of them, and where it stopped early. */
  get validation(): Validated | undefined {
    return this.#runner?.validator as Watch | undefined;
  }

  /** Loss and accuracy over a whole split, and how many steps the parameters had taken. */
  async evaluate(split: SplitName): Promise<Evaluation & { readonly step: number }> {
    const { population, issued } = await this.#opened;
    return { ...((await population.evaluate(split))[0] as Evaluation), step: issued };
  }

  /** Probabilities (or outputs) for rows of x, in the data set's own form (bytes or floats). */
  async predict(x: Uint8Array | Float32Array): Promise<Prediction> {
    const { population } = await this.#opened;
    this.#predictor ??= import("./predict.ts").then(({ Predictor }) => new Predictor(population));
    return (await this.#predictor).predict(x, 0);
  }

  /**
   * The parameters by name, logical and row-major: layer1.w is [in, out]. Optimizers that keep an average have two views:
   * "eval", what is evaluated (default), and "train", where gradients are taken.
   */
  async parameters(view: "eval" | "train" = "eval"): Promise<Map<string, Float32Array>> {
    const { population } = await this.#opened;
    return view === "eval" ? population.evaluated(0) : population.read("parameters", 0);
  }

  /**
   * Begins with other numbers than the seed's: all parameters by name, as parameters() gives them, out of another training or
   * a file. Before the first step only. The recipe and its hash do not know of them; a checkpoint holds them.
   */
  async begin(parameters: ReadonlyMap<string, Float32Array>): Promise<void> {
    const runner = await this.#opened;
    if (runner.begun) fail("begin", "the training has begun", "call it before the first step");
    const { writeParameters } = await import("./sections.ts");
    await writeParameters(runner.population, parameters);
  }

  /** A checkpoint of the steps issued so far: parameters, state, step, recipe. Loading it goes on bit for bit. */
  async save(): Promise<Uint8Array<ArrayBuffer>> {
    const runner = await this.#opened;
    return this.#encode(runner, await runner.snapshot());
  }

  /** The last snapshot as a checkpoint, without asking the device: what is left after DeviceLost. */
  async lastCheckpoint(): Promise<Uint8Array<ArrayBuffer>> {
    const runner = await this.#opened;
    return this.#encode(runner, runner.lastSnapshot ?? fail("checkpoint", "no snapshot has been taken yet"));
  }

  async #encode({ population, validator }: Runner, snapshot: Snapshot): Promise<Uint8Array<ArrayBuffer>> {
    const { snapshotCheckpoint } = await import("./save.ts");
    return snapshotCheckpoint(population, snapshot, (validator as Watch | undefined)?.known(snapshot));
  }

  /**
   * Norms of gradients, parameters and updates by layer, and dead units, of the step about to be taken (its own batch). Costs an
   * unfused step on a twin of the training, whose numbers stay as they are.
   */
  async inspect(): Promise<Inspection> {
    const runner = await this.#opened;
    this.#inspector ??= import("./inspect.ts").then(({ Inspector }) => new Inspector(runner.population));
    return (await this.#inspector).inspect(await runner.snapshot());
  }

  /** Every dispatch of a step with its GPU time (undefined without timestamps), bytes and operations; on a twin, as inspect(). */
  async profile(): Promise<DispatchProfile[]> {
    const runner = await this.#opened;
    const { backend, task, options } = runner.population;
    const twin = await Population.open(backend, task, options);
    try {
      const snapshot = await runner.snapshot();
      twin.restore(snapshot);
      await twin.settled;
      return await twin.profile(Math.min(snapshot.step, options.steps - 1));
    } finally {
      twin.dispose();
    }
  }

  async recipe(): Promise<{ recipe: Recipe; hash: string }> {
    const { population } = await this.#opened;
    const { recipeHash, recipeOf } = await import("./recipe.ts");
    const recipe = recipeOf(population.task, population.options);
    return { recipe, hash: recipeHash(recipe) };
  }

  /** The plan's print-out. */
  async plan(): Promise<string> {
    const { print } = await import("../scheduler/print.ts");
    return print((await this.#opened).population.program);
  }

  get options(): TrainOptions {
    return this.#options;
  }

  /** Frees everything on the device. */
  async close(): Promise<void> {
    (await this.#predictor)?.dispose();
    (await this.#inspector)?.dispose();
    (await this.#opened).population.dispose();
  }
}

/** Ends the training at its first bad step, with the dispatch that an unfused replay from the last snapshot finds. */
async function endAt(runner: Runner, step: number): Promise<never> {
  const from = runner.lastSnapshot;
  const { firstBadDispatch, NonFinite } = await import("./diagnose.ts");
  throw new NonFinite(
    step,
    from && from.step <= step ? await firstBadDispatch(runner.population, from, step) : undefined,
  );
}

/** A loss that is not finite, or at the last step anything latched on the way: a relu hides NaN from the loss. */
async function watchFinite(runner: Runner, metrics: readonly StepMetrics[]): Promise<void> {
  const bad = metrics.find(({ loss }) => !Number.isFinite(loss[0]));
  const last = metrics[metrics.length - 1]?.step === runner.steps - 1;
  if (!bad && !last) return;
  const [latched] = await runner.population.firstBad();
  const step = Math.min(bad?.step ?? Number.POSITIVE_INFINITY, latched ?? Number.POSITIVE_INFINITY);
  if (Number.isFinite(step)) await endAt(runner, step);
}

/** A snapshot of numbers that are not finite must not take the place of a good one. */
async function acceptFinite(runner: Runner, { latch: [step = CLEAR] }: Snapshot): Promise<void> {
  if (step !== CLEAR) await endAt(runner, step);
}

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
