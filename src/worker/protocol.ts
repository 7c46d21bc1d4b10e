// What crosses between a thread and the worker that works for it: plain data and transferred arrays, nothing else.
import type { AdapterDescription } from "../backend/backend.ts";
import type { HereOptions } from "../backend/open.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Optimizer } from "../optim/chain.ts";
import type { RuleDefinition } from "../optim/index.ts";
import type { Limits } from "../scheduler/check.ts";
import type { Tuning } from "../scheduler/tuning.ts";
import type { LoadOptions } from "../train/load.ts";
import type { RaceOptions } from "../train/race.ts";
import type { ReplayGradient, ReplayOptions, Trajectory } from "../train/replay.ts";
import type { TrainOptions } from "../train/train.ts";
import type { Validated } from "../train/validation.ts";
import type { ValidateOptions } from "../validate/validate.ts";
import type { PackedError } from "./errors.ts";
import type { PackedRows } from "./rows.ts";

/** What the worker opens. */
export type Opening = Omit<HereOptions, "device">;

/** What it has opened. */
export interface Opened {
  readonly kind: "webgpu" | "cpu";
  readonly adapter: AdapterDescription;
  readonly limits: Limits;
  readonly tuning: Tuning;
}

/** Options with the data set named by its hash: the worker was sent it before. */
export type Sent<T extends { readonly data: Dataset }> = Omit<T, "data" | "signal"> & { readonly data: string };

/** What is validated: kernels by name, an optimizer, or a rule by its name. */
export type SentTarget = string | readonly string[] | undefined | Optimizer | { readonly rule: string };

/** Work that goes on for a while and tells rows; a model is kept and asked, and tells none. */
export type Work = { readonly rules: readonly RuleDefinition[] } & (
  | { readonly kind: "train"; readonly options: Sent<TrainOptions> }
  | { readonly kind: "load"; readonly bytes: Uint8Array; readonly options: Sent<LoadOptions> }
  | { readonly kind: "race"; readonly options: Sent<RaceOptions> }
  | { readonly kind: "model"; readonly bytes: Uint8Array }
  | {
      readonly kind: "validate";
      readonly target: SentTarget;
      readonly options: Omit<ValidateOptions, "onRow" | "signal">;
    }
);

/** Rows since the chunk before it; its arrays are transferred. */
export interface Chunk {
  readonly rows: PackedRows;
  /** Steps whose metrics have arrived. */
  readonly step: number;
  /** A validated training's validations, where there is a new one. */
  readonly validation?: Validated;
  /** After the last row; an error that ended the work comes with it. */
  readonly ended: boolean;
  readonly error?: PackedError;
}

/** Gradients that stay in the caller's thread: asked for once a step, for all runs. */
export type Ask = (positions: readonly (readonly number[])[], t: number) => Promise<readonly ReplayGradient[]>;

export interface Replay extends Omit<ReplayOptions, "gradients"> {
  readonly optimizers: readonly Optimizer[];
  readonly rules: readonly RuleDefinition[];
  /** The tape; undefined where they are asked for. */
  readonly gradients: ReplayOptions["gradients"] | undefined;
}

/** Every answer: errors are data, so that they arrive as they were. */
export type Reply<T> = { readonly value: T } | { readonly error: PackedError };

/** The worker's end. Messages arrive in the order in which they were sent, so that nothing waits for an answer first. */
export interface Host {
  open(opening: Opening): Promise<Reply<Opened>>;
  /** Answers when the device is lost. */
  lost(): Promise<Reply<never>>;
  /** A data set that work may name by its hash until it is dropped. */
  keep(data: Dataset): Promise<Reply<void>>;
  drop(hash: string): Promise<Reply<void>>;
  /** Begins work under a number of the caller's; errors come with its chunks. */
  begin(id: number, work: Work): Promise<Reply<void>>;
  /** The next chunk: 50 ms after the last one at the earliest, when there is a row or the end. */
  next(id: number): Promise<Reply<Chunk>>;
  /** A method of the training, race or model itself. */
  call(id: number, method: string, args: readonly unknown[]): Promise<Reply<unknown>>;
  /** Ends work and frees what it holds. */
  end(id: number): Promise<Reply<void>>;
  replay(work: Replay, ask: Ask | undefined): Promise<Reply<Trajectory[]>>;
  /** Frees everything on the device. */
  close(): Promise<Reply<void>>;
}

/** The name of a worker that a file holding both sides starts itself as. */
export const WORKER_NAME = "fall-line worker";
