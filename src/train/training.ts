// A training in this thread: what train() gives. Iterate it for its metrics, or await finish().
import { fail } from "../core/check.ts";
import type { SplitName } from "../data/split.ts";
import type { Inspection, Inspector } from "./inspect.ts";
import { type DispatchProfile, type Evaluation, Population, type Snapshot, type StepMetrics } from "./population.ts";
import type { Predictor } from "./predict.ts";
import type { Prediction } from "./prediction.ts";
import type { Recipe } from "./recipe.ts";
import type { Runner } from "./runner.ts";
import type { TrainOptions } from "./train.ts";
import type { Validated, Watch } from "./validation.ts";

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
