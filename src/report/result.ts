// What a race leaves behind, as plain data: the one input of everything in this folder.
import { fail } from "../core/check.ts";

/** A score on one split of the data. The accuracy is a share in [0, 1]. */
export interface Score {
  readonly loss: number;
  readonly accuracy?: number;
}

/** One seed of an entry. */
export interface RunResult {
  readonly seed: number;
  /** Training loss at each of the result's `at`, averaged over the window that ends there. */
  readonly loss: readonly number[];
  readonly validation: Score;
  /** The first step with a number that is not finite; absent in a run that stayed finite. */
  readonly diverged?: number;
}

/** A hyperparameter that changes over the steps. */
export interface ScheduledValues {
  /** `lr`, or with its rule where others have one of that name: `adam beta1`. */
  readonly name: string;
  /** Steps of the training it was made for, and its value at those of them that `scheduledSteps` names. */
  readonly steps: number;
  /** Absent where it follows the losses and so is not known beforehand. */
  readonly values?: readonly number[];
}

/** One optimizer with its settings, over all seeds. */
export interface EntryResult {
  readonly name: string;
  /** One line, e.g. `adamw lr 0.001 weightDecay 0.01`. */
  readonly optimizer: string;
  /** The optimizer without its lr: entries of one family are one lr sweep. By default `optimizer` less `lr <number>`. */
  readonly family?: string;
  /** The base learning rate, before any schedule. */
  readonly lr: number;
  readonly schedules?: readonly ScheduledValues[];
  readonly runs: readonly RunResult[];
}

export interface RaceResult {
  readonly schema: 1;
  readonly name: string;
  readonly kind: "race" | "train";
  readonly made: {
    readonly version: string;
    readonly commit: string;
    readonly date: string;
    readonly browser: string;
    readonly adapter: string;
    readonly software: boolean;
    readonly numericClass: string;
  };
  readonly recipe: unknown;
  readonly recipeHash: string;
  /** Of one run: fingerprint of the loss of every step done, which the page shows for the same recipe. */
  readonly lossHash?: string;
  /** `train`, `validation` and `test` count examples. */
  readonly data: {
    readonly name: string;
    readonly hash: string;
    readonly train: number;
    readonly validation: number;
    readonly test: number;
  };
  /** One line, e.g. `784 - linear 64 - relu - linear 10`. */
  readonly model: string;
  readonly parameters: number;
  readonly batch: number;
  readonly steps: number;
  readonly seeds: readonly number[];
  readonly lossName: string;
  readonly metricName: "accuracy" | undefined;
  /** The logged steps, ascending. */
  readonly at: readonly number[];
  readonly entries: readonly EntryResult[];
  readonly winner:
    | {
        readonly entry: string;
        readonly seed: number | undefined;
        readonly chosenBy: string;
        readonly test: Score;
        readonly note?: string;
      }
    | undefined;
  /** `stepsPerSecond` counts steps of the whole population; `runSteps` is runs x steps, in all. */
  readonly seconds: {
    readonly total: number;
    readonly training: number;
    readonly stepsPerSecond: number;
    readonly runSteps: number;
  };
}

/** Throws for a result that cannot be reported: no entries, a name used twice, a curve that does not fit `at`. */
export function checkResult(result: RaceResult): void {
  if (result.schema !== 1) fail("report", `schema is ${String(result.schema)}, expected 1`);
  if (result.entries.length === 0) fail("report", "the result has 0 entries, expected at least 1");
  const { at } = result;
  at.forEach((step, i) => {
    if (i > 0 && !(step > at[i - 1]!))
      fail("report", `at[${i}] is ${step} after ${at[i - 1]}, expected ascending steps`);
  });
  const names = new Set<string>();
  for (const { name, runs } of result.entries) {
    if (names.has(name)) fail("report", `two entries are named "${name}", expected one of each name`);
    names.add(name);
    if (runs.length === 0) fail("report", `entry "${name}" has 0 runs, expected at least 1`);
    for (const { seed, loss } of runs) {
      if (loss.length === at.length) continue;
      fail(
        "report",
        `entry "${name}" seed ${seed} has ${loss.length} losses, expected one per logged step (${at.length})`,
      );
    }
  }
  const { winner } = result;
  if (winner && !names.has(winner.entry)) fail("report", `the winner "${winner.entry}" is not among the entries`);
}
