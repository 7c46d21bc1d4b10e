// Where runs and their tensors lie: runs sorted by chain, tensors at their segments' offsets and pitch.
import { fail } from "../core/check.ts";
import { sample } from "../nn/initializers.ts";
import type { Parameter } from "../nn/layer.ts";
import type { Node } from "../graph/node.ts";
import { type Optimizer, sampleFunctions } from "../optim/chain.ts";
import { type CompiledChain, compileChain } from "../optim/compile.ts";
import { loadRules } from "../optim/rule.ts";
import { isSchedule, type ListenerState, schedules } from "../optim/schedule.ts";
import type { Arenas, Segment } from "../scheduler/arenas.ts";
import { isSimple, type Planner, simpleUpdate } from "../scheduler/update.ts";
import type { Home, Range } from "../scheduler/work.ts";
import type { RunSpec } from "./spec.ts";

/** The schedules that follow the losses, of all runs. */
export interface Listeners {
  /** A run's optimizer with schedules of its own in place of those that listen. */
  readonly own: (optimizer: Optimizer, run: number) => Optimizer;
  /** Steps below it may be issued: their schedules no longer change. */
  readonly horizon: () => number;
  /** Losses of a step, [run]. */
  readonly tell: (step: number, losses: Float64Array) => void;
  /** What each has heard, runs in the caller's order. */
  readonly state: () => ListenerState[];
  readonly reset: () => void;
  /** Back to what they had heard before `step`. */
  readonly restore: (step: number, states: readonly ListenerState[]) => void;
}

/** No schedule listens. */
const NONE: Listeners = {
  own: (optimizer) => optimizer,
  horizon: () => Number.POSITIVE_INFINITY,
  tell() {},
  state: () => [],
  reset() {},
  restore(_, { length }) {
    if (length > 0) fail("restore", `${length} schedules that follow losses, expected 0`);
  },
};

/** Whether any schedule in an optimizer follows losses: others need not be told of them. */
const follows = (data: unknown): boolean =>
  typeof data === "object" &&
  data !== null &&
  ((isSchedule(data) && schedules.get(data.kind)?.listen !== undefined) || Object.values(data).some(follows));

export interface Laid {
  /** The runs as they lie: sorted by chain. `place[i]` is where run i of the caller lies. */
  readonly runs: readonly RunSpec[];
  readonly place: readonly number[];
  readonly chains: readonly CompiledChain[];
  readonly groups: readonly { readonly chain: CompiledChain; readonly range: Range }[];
  readonly orders: readonly number[];
  /** Whether any run's reduced numbers outlive a step, and whether any is evaluated elsewhere than it trains. */
  readonly keeps: boolean;
  readonly viewed: boolean;
  /** What plans the chains' dispatches. */
  readonly planner: Planner;
  /** Of the runs in the caller's order. */
  readonly listeners: Listeners;
}

/**
 * Sorts runs by chain so that each chain's runs are one range, and finds the distinct orders. Loads the rules that are
 * loaded on demand, and what plans chains in parts where there are any.
 */
export async function layRuns(runs: readonly RunSpec[], steps: number): Promise<Laid> {
  await loadRules(runs.flatMap(({ optimizer: { links } }) => links.map(({ rule }) => rule)));
  const listeners = runs.some(({ optimizer }) => follows(optimizer))
    ? new (await import("./listeners.ts")).Following()
    : NONE;
  const own = (optimizer: Optimizer, run: number): Optimizer => listeners.own(sampleFunctions(optimizer, steps), run);
  const compiled = runs.map(({ optimizer, init }, run) => compileChain(own(optimizer, run), init));
  const keys = [...new Set(compiled.map(({ key }) => key))];
  const sorted = runs
    .map((_, i) => i)
    .sort((a, b) => keys.indexOf(compiled[a]!.key) - keys.indexOf(compiled[b]!.key) || a - b);
  const place: number[] = [];
  sorted.forEach((from, at) => {
    place[from] = at;
  });
  const chains = sorted.map((i) => compiled[i] as CompiledChain);
  const groups = keys.map((key) => {
    const first = chains.findIndex((chain) => chain.key === key);
    return {
      chain: chains[first] as CompiledChain,
      range: { first, count: chains.filter((chain) => chain.key === key).length },
    };
  });
  const orders = [...new Set(runs.map(({ order }) => order))];
  const [keeps, viewed] = [chains.some((chain) => chain.keeps), chains.some((chain) => chain.viewed)];
  const planner = chains.every(isSimple) ? simpleUpdate : (await import("../scheduler/parts.ts")).updateWork;
  return {
    planner,
    runs: sorted.map((i) => runs[i] as RunSpec),
    place,
    chains,
    groups,
    orders,
    listeners,
    keeps,
    viewed,
  };
}

/** The same parameters in another graph of the model, by name. */
export function parameterHomes(of: Arenas, parameters: readonly Parameter[], buffer = "parameters"): Map<Node, Home> {
  const byName = new Map(of.segments.map(({ name, offset }) => [name, offset]));
  return new Map(
    parameters.map(({ node, name }) => [node, { buffer, offset: byName.get(name) as number, run: of.size }]),
  );
}

/** A run's start by its seed, as it lies in the parameter arena. */
export function startOf(
  segments: readonly Segment[],
  parameters: readonly Parameter[],
  seed: number,
  size: number,
): Float32Array {
  const result = new Float32Array(size);
  for (const { name, offset, rows, cols, pitch } of segments) {
    const { shape, init, fanIn, fanOut, stream } = parameters.find((parameter) => parameter.name === name) as Parameter;
    const values = sample(init, { shape, fanIn, fanOut, seed, stream });
    for (let i = 0; i < rows; i++) result.set(values.subarray(i * cols, (i + 1) * cols), offset + i * pitch);
  }
  return result;
}

/** All runs' starts, as they lie. */
export function startsOf(
  runs: readonly RunSpec[],
  { segments, size }: Arenas,
  parameters: readonly Parameter[],
): Float32Array {
  const starts = new Map<number, Float32Array>();
  const all = new Float32Array(runs.length * size);
  runs.forEach(({ init }, i) => {
    const start = starts.get(init) ?? startOf(segments, parameters, init, size);
    starts.set(init, start);
    all.set(start, i * size);
  });
  return all;
}

/** A run's tensor out of an arena: row-major, without padding. */
export function logical({ offset, rows, cols, pitch }: Segment, all: Float32Array, start: number): Float32Array {
  const result = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    const from = start + offset + i * pitch;
    result.set(all.subarray(from, from + cols), i * cols);
  }
  return result;
}
