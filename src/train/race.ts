// race(): entries x seeds in one set of dispatches, equal batches for equal seeds. The report chooses on validation rows only.
import { checkKeys, fail } from "../core/check.ts";
import type { Backend } from "../backend/backend.ts";
import { checkPace } from "../scheduler/pace.ts";
import type { SplitName } from "../data/split.ts";
import type { Optimizer } from "../optim/chain.ts";
import { type Evaluation, Population, type StepMetrics } from "./population.ts";
import { type Recipe, recipeHash, recipeOf } from "./recipe.ts";
import { remoteOf } from "./remote.ts";
import { Runner } from "./runner.ts";
import type { TrainOptions } from "./train.ts";

export interface RaceOptions extends Omit<TrainOptions, "optimizer" | "seed" | "dataSeed" | "validation"> {
  /** What is raced, by name. */
  readonly entries: Readonly<Record<string, Optimizer>>;
  /** Each entry runs once with each seed: same start and same batches for all entries of a seed. */
  readonly seeds: readonly number[];
}

const KEYS = [
  "data",
  "model",
  "loss",
  "entries",
  "batch",
  "steps",
  "seeds",
  "order",
  "stepsPerSubmit",
  "pace",
  "signal",
  "fused",
  "tuning",
  "numericClass",
];

/** Losses and accuracies of a step: [entry][seed]. */
export interface RaceMetrics {
  readonly step: number;
  readonly loss: readonly (readonly number[])[];
  readonly accuracy: readonly (readonly number[])[];
}

/** One run's outcome. `diverged` is the first step with a number that is not finite. */
export interface RaceRun {
  readonly entry: string;
  readonly seed: number;
  readonly evaluation: Evaluation;
  readonly diverged: number | undefined;
}

/** A race: iterate it for its metrics, or await finish(). The same in this thread and in a worker. */
export type Race = Pick<LocalRace, keyof LocalRace>;

export class LocalRace implements AsyncIterable<RaceMetrics> {
  readonly entries: readonly string[];
  readonly seeds: readonly number[];
  readonly #opened: Promise<Runner>;
  #runner: Runner | undefined;

  constructor(opened: Promise<Runner>, options: RaceOptions) {
    this.entries = Object.keys(options.entries);
    this.seeds = options.seeds;
    this.#opened = opened;
    opened.then(
      (runner) => {
        this.#runner = runner;
      },
      () => {},
    );
  }

  get step(): number {
    return this.#runner?.step ?? 0;
  }

  /** Resolves when everything is compiled and uploaded. */
  async ready(): Promise<void> {
    await this.#opened;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RaceMetrics> {
    const runner = await this.#opened;
    for await (const metrics of runner.metrics()) yield this.#table(metrics);
  }

  #table({ step, loss, accuracy }: StepMetrics): RaceMetrics {
    const rows = (all: Float64Array): number[][] =>
      this.entries.map((_, i) => Array.from(all.subarray(i * this.seeds.length, (i + 1) * this.seeds.length)));
    return { step, loss: rows(loss), accuracy: rows(accuracy) };
  }

  async finish(): Promise<void> {
    for await (const _ of this);
  }

  pause(): void {
    this.#runner?.pause();
  }

  resume(): void {
    this.#runner?.resume();
  }

  /** Every run on a split. Read the test split once, for the winner only. */
  async evaluate(split: SplitName): Promise<RaceRun[]> {
    const { population } = await this.#opened;
    const [results, bad] = [await population.evaluate(split), await population.firstBad()];
    return this.entries.flatMap((entry, i) =>
      this.seeds.map((seed, j) => {
        const run = i * this.seeds.length + j;
        return { entry, seed, evaluation: results[run] as Evaluation, diverged: bad[run] };
      }),
    );
  }

  async recipe(): Promise<{ recipe: Recipe; hash: string }> {
    const { population } = await this.#opened;
    const recipe = recipeOf(population.task, population.options);
    return { recipe, hash: recipeHash(recipe) };
  }

  /** The engine's population, for hashes and print-outs: of this thread alone, rejects where the race is in a worker. */
  population = async (): Promise<Population> => (await this.#opened).population;

  async close(): Promise<void> {
    (await this.#opened).population.dispose();
  }
}

async function open(backend: Backend, options: RaceOptions): Promise<Runner> {
  if ("validation" in options) {
    const what = "validation is given: early stopping and keeping the best are for train alone";
    fail("race", what, "all runs of a race train equally long and are judged at the same step");
  }
  checkKeys("race", options, KEYS);
  const {
    data,
    model,
    loss,
    entries,
    seeds,
    batch,
    steps,
    signal,
    pace,
    order,
    stepsPerSubmit,
    fused,
    tuning,
    numericClass,
  } = options;
  checkPace("race", pace);
  if (Object.keys(entries).length === 0) fail("race", "no entries, expected at least one optimizer");
  if (seeds.length === 0 || new Set(seeds).size !== seeds.length)
    fail("race", `seeds ${seeds.join(", ")}`, "give distinct seeds");
  const runs = Object.values(entries).flatMap((optimizer) =>
    seeds.map((seed) => ({ optimizer, init: seed, order: seed })),
  );
  const population = await Population.open(
    backend,
    { data, model, loss },
    {
      batch,
      steps,
      runs,
      ...(order ? { order } : {}),
      ...(stepsPerSubmit ? { stepsPerSubmit } : {}),
      ...(fused === undefined ? {} : { fused }),
      ...(tuning ? { tuning } : {}),
      ...(numericClass ? { numericClass } : {}),
    },
  );
  return new Runner(population, { start: 0, signal, pace, watch: async () => {}, accept: async () => {} });
}

/** Races entries against each other on one task: all runs train in the same dispatches, a diverged one harms no other. */
export function race(backend: Backend, options: RaceOptions): Race {
  const remote = remoteOf(backend);
  if (remote) return remote.race(options);
  const opened = open(backend, options);
  opened.catch(() => {});
  return new LocalRace(opened, options);
}

/** Entries over a list of values: sweep([1e-3, 1e-2], (lr) => [`adam ${lr}`, adam({ lr })]). */
export const sweep = <T>(
  values: readonly T[],
  entry: (value: T) => readonly [string, Optimizer],
): Record<string, Optimizer> => Object.fromEntries(values.map(entry));
