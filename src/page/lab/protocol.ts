// What crosses between the page and its laboratory worker: races, trails on landscapes, and the kernels' validation.
import type { Answered } from "../../cli/ask.ts";
import type { Done, Facts, Job as RaceJob, Progress } from "../../cli/job.ts";
import type { Optimizer } from "../../optim/index.ts";
import type { ValidationRow } from "../../validate/validate.ts";
import type { LandscapeName } from "../landscape/functions.ts";

export type { RaceJob };

/** What happens in a race, in order: facts, then progress, then done. */
export type RaceNews =
  | ({ readonly type: "facts" } & Facts)
  | ({ readonly type: "progress" } & Progress)
  | ({ readonly type: "done" } & Done);

/** Optimizers from one start on one function of the plane. */
export interface TrailJob {
  readonly landscape: LandscapeName;
  /** Standard deviation of what is added to each number of the gradient. */
  readonly noise: number;
  /** u32: of the noise, the same for every optimizer. */
  readonly seed: number;
  readonly start: readonly [number, number];
  readonly steps: number;
  readonly optimizers: readonly Optimizer[];
}

/** [x0, y0, x1, y1 ...] before the first step and after each, and the function there, without noise. */
export interface Trail {
  readonly positions: Float32Array;
  readonly values: Float32Array;
}

/** How much there is to validate. */
export interface Extent {
  readonly kernels: number;
  readonly cases: number;
}

/** The worker's commands; errors reject with the library's own words. One piece of work at a time. */
export interface Lab {
  /** Resolves at the end or after stop(). On the CPU where there is no WebGPU. */
  race(job: RaceJob, source: string, tell: (news: RaceNews) => void): Promise<void>;
  trails(job: TrailJob): Promise<readonly Trail[]>;
  /** Every kernel of ours, or those named. Needs WebGPU. A stop() ends it early: rejects with AbortError. */
  validate(
    kernels: readonly string[],
    extent: (of: Extent) => void,
    tell: (row: ValidationRow) => void,
  ): Promise<Answered>;
  pause(): void;
  resume(): void;
  /** Resolves when the work has ended. */
  stop(): Promise<void>;
}
