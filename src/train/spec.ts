// What a population is asked for and what it gives: runs, options, metrics, snapshots.
import type { Order } from "../ops/batch.ts";
import type { Optimizer } from "../optim/chain.ts";
import type { ListenerState } from "../optim/schedule.ts";
import type { Cost } from "../scheduler/cost.ts";
import type { NumericClass } from "../scheduler/plan.ts";
import type { Tuning } from "../scheduler/tuning.ts";

/** One run: its optimizer and its seeds (u32). `order` is the data seed; runs that share it see the same batches. */
export interface RunSpec {
  readonly optimizer: Optimizer;
  readonly init: number;
  readonly order: number;
}

/** Validation while a single run trains, with all its values; recorded in its recipe. */
export interface ValidationSpec {
  readonly every: number;
  readonly monitor: "loss" | "accuracy";
  readonly minDelta: number;
  readonly patience?: number;
  readonly keepBest?: true;
}

export interface PopulationOptions {
  readonly batch: number;
  readonly steps: number;
  readonly runs: readonly RunSpec[];
  readonly order?: Order;
  readonly stepsPerSubmit?: number;
  /** False runs the unfused plan. */
  readonly fused?: boolean;
  readonly tuning?: Tuning;
  /** For the recipe. */
  readonly validation?: ValidationSpec;
  readonly numericClass?: NumericClass;
}

/** Loss before the update, averaged over the batch, and hits / batch; [run] in the order the runs were given. */
export interface StepMetrics {
  readonly step: number;
  readonly loss: Float64Array;
  readonly accuracy: Float64Array;
}

export interface Evaluation {
  /** Weighted, where rows or classes have weights; the others count every row once. */
  readonly loss: number;
  /** Hits / rows; 0 for a regression. */
  readonly accuracy: number;
  /** Rows. */
  readonly count: number;
  /** Of a regression, over rows and columns: the mean of |output - target|. */
  readonly meanAbsoluteError?: number;
  /**
   * Of a regression: 1 - the sum of (output - target)^2 / the sum of (target - mean target)^2 of these rows, the mean over the columns
   * whose targets are not all equal; NaN where none is.
   */
  readonly r2?: number;
}

/** Loss and accuracy over the validation rows with the parameters after `step` steps. */
export interface Validation extends Evaluation {
  readonly step: number;
}

/** Everything a training is at a step: arenas as they lie on the device. */
export interface Snapshot {
  readonly step: number;
  readonly parameters: Float32Array;
  readonly state: Float32Array;
  readonly latch: Uint32Array;
  /** Numbers by tensor that outlive a step, where a rule has such. */
  readonly reduced?: Float32Array;
  /** What schedules that follow the losses have heard: runs in the caller's order. */
  readonly heard?: readonly ListenerState[];
}

/** A dispatch's time (undefined without timestamps) and its plan's cost. */
export interface DispatchProfile extends Cost {
  readonly name: string;
  readonly kernel: string;
  readonly milliseconds: number | undefined;
}
