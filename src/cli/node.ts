// What fall-line/node offers, as types: the command's jobs as functions. Made in job_session.ts, opened in scripts/node.mjs.
import type { RaceResult } from "../report/result.ts";
import type { ValidationRow } from "../validate/validate.ts";
import type { Progress } from "./job.ts";

export type { RaceResult } from "../report/result.ts";
export type { ValidationRow } from "../validate/validate.ts";
export type { Progress } from "./job.ts";

export interface SessionOptions {
  /** "webgpu" in headless Chrome (default), or "cpu": the references in this process, slow. */
  readonly backend?: "webgpu" | "cpu";
  /** Chrome with a window. */
  readonly headed?: boolean;
}

/** The fields of a recipe.json: as the command's flags of the same names, models and optimizers as text or as plain data. */
export type Recipe = Readonly<Record<string, unknown>>;

export interface JobOptions {
  /** Called at most 8 times a second. */
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the training early; what was measured is the result. */
  readonly signal?: AbortSignal;
}

export interface TrainingResult {
  /** What the command prints with --json. */
  readonly result: RaceResult;
  /** For load() in a page, or --resume. */
  readonly checkpoint: Uint8Array;
}

/** One Chrome, or none; one job at a time. Errors are those of the command, in words. */
export interface Session {
  /** "Chrome 156.0.0.0" or "none (Node 20.19.0)". */
  readonly browser: string;
  /** `{ data: "xor", optimizer: "adam", lr: 0.01, steps: 200, seed: 1 }` and whatever `fall-line train --help` lists. */
  train(recipe: Recipe, options?: JobOptions): Promise<TrainingResult>;
  /** `{ data: "spirals", optimizers: "sgd, adam", lr: [0.01, 0.1], seeds: [1, 2, 3] }`. */
  race(recipe: Recipe, options?: JobOptions): Promise<RaceResult>;
  /** Kernels by name and modules by path (relative to the working directory); all kernels of ours where none is named. */
  validate(targets?: readonly string[], onRow?: (row: ValidationRow) => void): Promise<ValidationRow[]>;
  /** Ends Chrome. */
  close(): Promise<void>;
}

/**
 * Opens headless Chrome on WebGPU: the one on this machine, probed first as the command does, a real GPU where there is one,
 * else the software adapter. Needs vite and puppeteer installed. Rejects, saying what to do, where there is no Chrome.
 */
export type OpenSession = (options?: SessionOptions) => Promise<Session>;
