// What a bench leaves behind: bench/results/<adapter>.json. Raw rounds are kept beside every summary made of them.
import type { Tuning } from "../src/scheduler/tuning.ts";
import type { Scored } from "./tune.ts";

/** Rounds in the order they were measured, and what is said of them. */
export interface Rounds {
  readonly raw: readonly number[];
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** WebGPU calls, as a share of a step. */
export interface Counts {
  readonly dispatches: number;
  readonly passes: number;
  readonly submits: number;
  readonly bindGroups: number;
  readonly buffers: number;
  readonly pipelines: number;
  readonly writeBuffers: number;
}

export interface StepResult {
  readonly problem: string;
  readonly stepsPerSubmit: number;
  readonly counts: Counts;
  /** What the plan says of itself: dispatches in each step, and around the steps of a submit. */
  readonly planned: { readonly each: number; readonly around: number };
  /** Whether the counted dispatches are the planned ones. */
  readonly asPlanned: boolean;
  /** Microseconds of the page's thread inside the call, a step. */
  readonly hostMicros: Rounds;
  readonly stepsPerSecond: Rounds;
}

export interface ContenderResult {
  readonly name: string;
  readonly counts: Counts;
  readonly stepsPerSecond: Rounds;
  readonly hostMicros: Rounds;
}

export interface PeerResult {
  readonly problem: string;
  readonly runs: number;
  /** The first losses side by side: the largest difference from ours over steps and runs; a contender beyond it is not timed. */
  readonly agreement: {
    readonly steps: number;
    readonly allowed: number;
    readonly worst: Readonly<Record<string, number>>;
    readonly losses: Readonly<Record<string, readonly number[]>>;
  };
  readonly contenders: readonly ContenderResult[];
  /** Our steps/s over the contender's, round by round. */
  readonly ratios: Readonly<Record<string, Rounds>>;
  /** Contenders that were left out, and why. */
  readonly left: Readonly<Record<string, string>>;
}

export interface PopulationResult {
  readonly problem: string;
  readonly runs: number;
  readonly dispatches: number;
  readonly runStepsPerSecond: Rounds;
  readonly stepMillis: number;
}

export interface ColdResult {
  readonly name: string;
  readonly problem: string;
  /** From the call that starts the training, on an opened device, to the first step's loss on the host. */
  readonly millis: Rounds;
  readonly pipelines: readonly string[];
}

/** The best round is the ceiling: nothing but other work on the machine makes one slower. */
export interface CeilingResult {
  readonly gflops: Rounds;
  readonly copyGBs: Rounds;
  readonly dispatchMicros: Rounds;
}

/** One dispatch of a plan, over and over. */
export interface KernelResult {
  readonly problem: string;
  readonly plan: string;
  readonly kernel: string;
  readonly name: string;
  readonly shape: string;
  readonly micros: Rounds;
  /** GFLOP/s or GB/s, and percent of the ceiling measured on the same adapter. */
  readonly rate: number;
  readonly unit: "GFLOP/s" | "GB/s";
  readonly percent: number;
}

/** Square products of one size in f32. */
export interface MatmulResult {
  readonly size: number;
  /** GFLOP/s, and percent of the multiply-adds measured on the same adapter. */
  readonly contenders: readonly { readonly name: string; readonly gflops: Rounds; readonly percent: number }[];
  /** Ours over the other's, round by round. */
  readonly ratio: Rounds;
  /** The largest difference of the results' first rows. */
  readonly apart: number;
}

export interface HeapResult {
  readonly problem: string;
  readonly steps: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly bytesPerStep: number;
}

export interface CurvePoint {
  readonly x: number;
  readonly stepMillis: Rounds;
}

export interface CurveResult {
  readonly name: "width" | "depth" | "batch" | "runs";
  readonly title: string;
  readonly xTitle: string;
  readonly points: readonly CurvePoint[];
}

/** A table for openBackend({ tuning }), and every timing it was made of. */
export interface TuneResult {
  readonly tuning: Tuning;
  readonly scored: readonly Scored[];
}

export interface Machine {
  readonly version: string;
  readonly commit: string;
  readonly date: string;
  readonly browser: string;
  readonly adapter: string;
  readonly software: boolean;
  readonly cores: number;
  readonly cpu: string;
  readonly load: readonly number[];
  readonly node: string;
  readonly quick: boolean;
}

export const SCHEMA = 1;

/** A file may hold parts of different days; `machine` is the last one's. */
export interface BenchResult {
  readonly schema: typeof SCHEMA;
  readonly machine: Machine;
  readonly measured: Readonly<Partial<Record<Part, Pick<Machine, "commit" | "date" | "load">>>>;
  readonly peers?: readonly PeerResult[];
  readonly step?: readonly StepResult[];
  readonly population?: readonly PopulationResult[];
  readonly cold?: readonly ColdResult[];
  readonly ceilings?: CeilingResult;
  readonly kernels?: readonly KernelResult[];
  readonly matmul?: readonly MatmulResult[];
  readonly heap?: HeapResult;
  readonly curves?: readonly CurveResult[];
}

export type Part = "peers" | "step" | "population" | "cold" | "kernels" | "matmul" | "heap" | "curves";

export const PARTS: readonly Part[] = ["step", "peers", "population", "cold", "kernels", "matmul", "heap", "curves"];

/** How long to measure: rounds of at least `seconds`. */
export interface Effort {
  readonly quick: boolean;
  readonly rounds: number;
  readonly seconds: number;
}

export const FULL: Effort = { quick: false, rounds: 5, seconds: 1 };
export const QUICK: Effort = { quick: true, rounds: 3, seconds: 0.5 };

/** Median (the mean of the middle two) and range of what was measured. */
export function roundsOf(raw: readonly number[]): Rounds {
  const sorted = [...raw].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  return { raw, median: (lower + upper) / 2, low: sorted[0] ?? Number.NaN, high: sorted.at(-1) ?? Number.NaN };
}
