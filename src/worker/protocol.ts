// What crosses between a page and its training worker: plain data and transferred arrays, nothing else.
import type { AdapterDescription } from "../backend/backend.ts";
import type { SyntheticOptions } from "../data/index.ts";
import type { Layer, Loss } from "../nn/index.ts";
import type { Optimizer } from "../optim/index.ts";
import type { Evaluation } from "../train/population.ts";

/** The made-up sets of points in the plane. */
export type PlaneName = "spirals" | "moons" | "circles" | "blobs" | "xor";

/** A data set by what makes it; digits come from an absolute address. */
export type DataSpec =
  | ({ readonly kind: PlaneName } & Pick<SyntheticOptions, "count" | "noise" | "seed">)
  | { readonly kind: "digits"; readonly source: string; readonly size: 28 | 14 };

/** Where a decision surface is asked for: size x size points, row after row from the top, over [left, right] x [bottom, top]. */
export interface Grid {
  readonly size: number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** A training from its start. */
export interface Job {
  readonly data: DataSpec;
  readonly model: readonly Layer[];
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly batch: number;
  readonly steps: number;
  /** u32, of the start and of the order of the rows. */
  readonly seed: number;
  /** Steps between validations, at least 1. A validation waits for the end of its submit and says the step it is of. */
  readonly validateEvery: number;
  /** Only for data in the plane. */
  readonly grid?: Grid;
  /** True prepares and waits for step() or resume(). */
  readonly paused: boolean;
}

/** Loss and accuracy over a split with the parameters after `step` steps. */
export interface Validation extends Evaluation {
  readonly step: number;
}

/** What has happened since the last report. The arrays are transferred. */
export interface Progress {
  /** Step (from 0) of the first number in `loss` and `accuracy`. */
  readonly first: number;
  /** Of the batch of each step, before its update. */
  readonly loss: Float32Array;
  readonly accuracy: Float32Array;
  readonly validations: readonly Validation[];
  /** Probabilities [size * size, classes] after the last of these steps. */
  readonly surface?: Float32Array;
  /** Seconds of training so far, pauses and preparation left out. */
  readonly seconds: number;
  /** Nothing is in flight: the training waits, or is at its end. */
  readonly paused: boolean;
}

/** Why a worker trains on the CPU: what the browser lacks. */
export type Lack = "insecure" | "missing" | "adapter";

/** The backend a worker trains on. */
export interface Opened {
  readonly kind: "webgpu" | "cpu";
  readonly adapter: AdapterDescription;
  readonly lack?: Lack;
  /** The error's own words. */
  readonly reason?: string;
}

export interface Outcome {
  /** False when it was stopped. */
  readonly finished: boolean;
  readonly steps: number;
  readonly seconds: number;
  /** On the test rows, once, at the end. */
  readonly test?: Evaluation;
  readonly recipeHash: string;
}

/** The worker's commands; errors reject with the library's own words. One training at a time. */
export interface Trainer {
  /** WebGPU, or the CPU references where there is none, saying why. Opens again after the device was lost. */
  open(): Promise<Opened>;
  /** Trains to the end or to stop(). `report` is called at most 20 times a second. */
  start(job: Job, report: (progress: Progress) => void): Promise<Outcome>;
  pause(): void;
  resume(): void;
  /** One step of a paused training. */
  step(): void;
  /** Resolves when the training has ended and its memory is free. */
  stop(): Promise<void>;
}
