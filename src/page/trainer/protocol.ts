// What crosses between the page and its training worker: plain data and transferred arrays, nothing else.
import type { AdapterDescription } from "../../backend/backend.ts";
import type { Dataset } from "../../data/index.ts";
import type { Layer, Loss } from "../../nn/index.ts";
import type { Optimizer } from "../../optim/index.ts";
import type { Inspection } from "../../train/inspect.ts";
import type { Evaluation } from "../../train/population.ts";
import type { DispatchProfile } from "../../train/spec.ts";

/** A data set by what makes it, the names being the command's; digits come from an absolute address; a person's own as a whole. */
export type DataSpec =
  | { readonly name: string; readonly options: Readonly<Record<string, number>>; readonly source?: string }
  | { readonly own: Dataset };

/** Where a decision surface is asked for: size x size points, row after row from the top, over [left, right] x [bottom, top]. */
export interface Grid {
  readonly size: number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** A training from its start, or from a checkpoint of the same recipe. */
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
  /** x values of a line of predictions, for regression of one number on one. */
  readonly line?: Float32Array;
  /** True prepares and waits for step() or resume(). */
  readonly paused: boolean;
  readonly checkpoint?: Uint8Array;
  /** Parameters to begin with instead of the seed's, by name and logical; not with a checkpoint. */
  readonly weights?: ReadonlyMap<string, Float32Array>;
}

/** Files of a person's own, and how they are to be read. */
export type OwnFiles =
  | {
      readonly kind: "csv";
      readonly file: File;
      /** The index of the column to learn. */
      readonly target: number;
      readonly missing: "error" | "drop" | "mean";
      /** Columns of texts become a column for each text. */
      readonly oneHot: boolean;
      /** Mean 0 and deviation 1 over the training rows. */
      readonly standardize: boolean;
    }
  | {
      readonly kind: "idx";
      readonly images: File;
      readonly labels: File;
      readonly test?: { readonly images: File; readonly labels: File };
    };

/** What the page has open, so that nothing is computed for panels that nobody sees. */
export interface Watched {
  readonly layers: boolean;
  readonly weights: boolean;
  readonly confusion: boolean;
}

/** Loss and accuracy over a split with the parameters after `step` steps. */
export interface Validation extends Evaluation {
  readonly step: number;
}

/** The first layer's weights: `shown` of `units` columns of w [inputs, units], unit after unit. */
export interface Weights {
  readonly step: number;
  readonly inputs: number;
  readonly units: number;
  readonly shown: number;
  /** [shown, inputs] */
  readonly values: Float32Array;
}

/** A wrong row of the validation split: which one of all rows, what it is, what the network took it for and how surely. */
export interface Mistake {
  readonly row: number;
  readonly label: number;
  readonly guess: number;
  readonly probability: number;
  /** The row's own numbers. */
  readonly x: Float32Array;
}

export interface Confusion {
  readonly step: number;
  readonly classes: readonly string[];
  /** [label, guess] counts over the validation rows. */
  readonly counts: Uint32Array;
  /** The surest mistakes, at most 24. */
  readonly mistakes: readonly Mistake[];
}

/** What has happened since the last report. The arrays are transferred. */
export interface Progress {
  /** Step (from 0) of the first number in `loss` and `accuracy`. */
  readonly first: number;
  /** Of the batch of each step, before its update. */
  readonly loss: Float64Array;
  readonly accuracy: Float32Array;
  readonly validations: readonly Validation[];
  /** Probabilities [size * size, classes], or outputs [line], after the last of these steps. */
  readonly surface?: Float32Array;
  readonly inspections: readonly Inspection[];
  readonly weights?: Weights;
  readonly confusion?: Confusion;
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
}

/** What a training is, known when it has been prepared. */
export interface Prepared {
  readonly recipeHash: string;
  readonly dataHash: string;
  /** Rows of train, validation and test. */
  readonly rows: readonly [number, number, number];
}

export interface Answer {
  /** Of each class, or the outputs. */
  readonly values: Float32Array;
  readonly classes: readonly string[] | undefined;
}

/** What is left of a training whose device was lost. */
export interface Rescue {
  readonly step: number;
  readonly checkpoint: Uint8Array;
}

/** The worker's commands; errors reject with the library's own words. One training at a time, open until the next or stop(). */
export interface Trainer {
  /** WebGPU, or the CPU references where there is none, saying why. Opens again after the device was lost. */
  open(): Promise<Opened>;
  /** Trains to the end or to stop(). `report` is called at most 20 times a second, `prepared` once. */
  start(job: Job, report: (progress: Progress) => void, prepared: (told: Prepared) => void): Promise<Outcome>;
  pause(): void;
  resume(): void;
  /** One step of a paused training. */
  step(): void;
  /** Resolves when the training has ended and its memory is free. */
  stop(): Promise<void>;
  watch(watched: Watched): void;
  /** A data set of files. */
  read(files: OwnFiles): Promise<Dataset>;
  /** One row of x, in the data set's own form, through the network as it is. */
  predict(x: Uint8Array | Float32Array): Promise<Answer>;
  plan(): Promise<string>;
  profile(): Promise<readonly DispatchProfile[]>;
  /** A checkpoint of the training as it is, which load() and a Job take. */
  checkpoint(): Promise<Uint8Array>;
  /** By name, logical and row-major; layer1.w is [in, out]. */
  parameters(): Promise<ReadonlyMap<string, Float32Array>>;
  /** The last snapshot of a training that failed; undefined where none was taken. */
  rescue(): Promise<Rescue | undefined>;
}
