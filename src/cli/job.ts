// A job: all that a training or a race needs, as plain data that crosses to the page; and what comes back of it.
import type { AdapterDescription } from "../backend/backend.ts";
import type { Layer } from "../nn/layer.ts";
import type { Loss } from "../nn/losses.ts";
import type { Order } from "../ops/batch.ts";
import type { NumericClass } from "../scheduler/plan.ts";
import type { Optimizer } from "../optim/chain.ts";
import type { EntryResult, RaceResult, RunResult } from "../report/index.ts";
import type { Profile } from "../train/profile.ts";
import type { ValidationOptions } from "../train/validation.ts";
import type { ValidationRow } from "../validate/validate.ts";
import type { DataSpec } from "./data.ts";
import type { OptimizerSpec } from "./optimizers.ts";

export interface EntrySpec {
  readonly name: string;
  readonly optimizer: OptimizerSpec | Optimizer;
}

export interface Job {
  readonly kind: "race" | "train";
  readonly data: DataSpec;
  readonly model: readonly Layer[];
  readonly loss: Loss;
  readonly entries: readonly EntrySpec[];
  readonly seeds: readonly number[];
  readonly batch: number;
  /** How rows are drawn: a permutation an epoch where it is not said. */
  readonly order?: Order;
  /** Sequential where it is not said. */
  readonly numericClass?: NumericClass;
  /** Of a training alone: the seed of the order, where it is not the start's; what is validated on the way. */
  readonly dataSeed?: number;
  readonly validation?: ValidationOptions;
  /** One of the two; an epoch's last partial batch is dropped. */
  readonly steps?: number;
  readonly epochs?: number;
  /** Whether the winner's test score is read at the end. */
  readonly test: boolean;
  /** Whether the parameters come back as a checkpoint; for one run only. */
  readonly save?: boolean;
  /** Whether a step is profiled at the end, dispatch by dispatch; for one run only. */
  readonly profile?: boolean;
  /** A checkpoint to go on from, as base64; model, loss, batch and optimizer are then the checkpoint's. */
  readonly resume?: string;
}

/** What is known once a job is compiled and uploaded. */
export interface Facts {
  readonly adapter: AdapterDescription;
  readonly data: RaceResult["data"];
  readonly model: string;
  readonly parameters: number;
  readonly batch: number;
  /** Planned; `start` steps of them lie in the checkpoint it goes on from. */
  readonly steps: number;
  readonly start: number;
  readonly seeds: readonly number[];
  readonly lossName: string;
  readonly metricName: "accuracy" | undefined;
  readonly numericClass: string;
  readonly recipeHash: string;
  readonly entries: readonly Omit<EntryResult, "runs">[];
}

/** Losses of every run (entry by entry, seed by seed), each the mean over the window that ends after `step` steps. */
export interface Point {
  readonly step: number;
  readonly loss: readonly number[];
}

export interface Progress {
  readonly step: number;
  /** Of training so far, without compiling. */
  readonly seconds: number;
  /** The entry whose smoothed loss, median over seeds, is least. */
  readonly leader: { readonly entry: string; readonly loss: number };
  /** New since the last message. */
  readonly points: readonly Point[];
}

/** The end of a job, stopped or not. */
export interface Done {
  readonly step: number;
  readonly seconds: { readonly total: number; readonly training: number };
  readonly stopped: boolean;
  readonly points: readonly Point[];
  readonly runs: readonly Pick<RunResult, "validation" | "diverged">[];
  readonly winner: RaceResult["winner"];
  /** Of the losses of every step done here; of one run only. */
  readonly lossHash?: string;
  /** base64 */
  readonly checkpoint?: string;
  readonly profile?: Profile;
}

/** An error on its way through JSON. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly where?: string;
  readonly stack?: string;
}

/** An error as plain data. */
export function failureOf(error: unknown): Failure {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const { where } = error as { where?: string };
  return { name, message, ...(where ? { where } : {}), ...(stack ? { stack } : {}) };
}

export type Message =
  | ({ readonly type: "facts" } & Facts)
  | ({ readonly type: "progress" } & Progress)
  | ({ readonly type: "done" } & Done)
  | { readonly type: "row"; readonly row: ValidationRow }
  | { readonly type: "answer"; readonly given: unknown }
  | ({ readonly type: "error" } & Failure);
