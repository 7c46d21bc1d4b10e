// replay(): drives optimizers with gradients from outside, without a model. One submit a step: made to look at, not for
// speed.
import type { Backend, Program, Storage } from "../backend/backend.ts";
import { checkInteger, checkKeys, fail } from "../core/check.ts";
import { parameter } from "../graph/node.ts";
import type { Optimizer } from "../optim/chain.ts";
import { type Arenas, arenas, sizesOf } from "../scheduler/arenas.ts";
import { checkMemory } from "../scheduler/check.ts";
import { place } from "../scheduler/place.ts";
import type { StepProgram } from "../scheduler/program.ts";
import { hyperTable, seriesOf } from "../scheduler/steps.ts";
import { tune } from "../scheduler/tuning.ts";
import { type Laid, layRuns } from "./layout.ts";
import { Packing, type ReplayTensor, type Tensors, tensorsOf } from "./packing.ts";
import { CLEAR } from "./fill.ts";
import { remoteOf } from "./remote.ts";

/** A gradient, or with it the function's value. Numbers lie as the start's do. */
export type ReplayGradient = readonly number[] | { readonly value: number; readonly gradient: readonly number[] };

export interface ReplayOptions {
  /** Where every run starts: a vector, or tensors by name, whose numbers follow one another row by row. */
  readonly start: ReplayTensor | Readonly<Record<string, ReplayTensor>>;
  /** The gradient of each step, or a function of the position; steps t and runs count from 0. */
  readonly gradients:
    | readonly (readonly number[])[]
    | ((x: readonly number[], at: { readonly t: number; readonly run: number }) => ReplayGradient);
  /** Default: as many as there are gradients. */
  readonly steps?: number;
  /** What rules that draw numbers draw them by: of every run, or one for each. Default 0. */
  readonly seed?: number | readonly number[];
}

export interface Trajectory {
  /** Before the first step and after each: [steps + 1] of all numbers. */
  readonly positions: readonly (readonly number[])[];
  /** The function's values before each step, where the gradients came with values. */
  readonly values: readonly number[];
}

/** The update alone as a step program, or what comes before its second gradient: gradients are written from outside. */
function updateProgram(backend: Backend, of: Arenas, { groups, planner }: Laid, kind: "step" | "aside"): StepProgram {
  const work = groups.flatMap((group) => planner(of, group, { kind }));
  const name = kind === "step" ? "replay" : "replay aside";
  const each = place(
    name,
    work.map((at) => tune(at, backend.tuning)),
    new Set(),
    of.runs,
  );
  return {
    name,
    runs: of.runs,
    batch: 1,
    stepsPerSubmit: 1,
    before: [],
    each: each.dispatches,
    after: [],
    buffers: [...of.buffers, ...each.buffers],
    metrics: undefined,
    rows: { first: 0, count: 1 },
    order: "permutation",
    quickStart: false,
    choices: [],
    numericClass: "sequential",
    baked: false,
  };
}

interface Made {
  readonly laid: Laid;
  readonly arenas: Arenas;
  readonly packing: Packing;
  readonly storage: Storage;
  readonly program: Program;
  /** What moves some runs' parameters to where their second gradient is taken. */
  readonly aside: Program | undefined;
}

async function open(
  backend: Backend,
  optimizers: readonly Optimizer[],
  tensors: Tensors,
  { steps, seeds, isFunction }: { steps: number; seeds: readonly number[]; isFunction: boolean },
): Promise<Made> {
  const runs = optimizers.length;
  const laid = await layRuns(
    optimizers.map((optimizer, run) => ({ optimizer, init: seeds[run] as number, order: 0 })),
    steps,
  );
  const parameters = tensors.map(({ name, shape }) => ({ name, node: parameter(name, shape) }));
  const of = arenas(parameters, { runs, orders: 1, ...sizesOf(laid.chains) });
  const series = seriesOf(laid.chains);
  const plan = updateProgram(backend, of, laid, "step");
  const before = updateProgram(backend, of, laid, "aside");
  const moves = before.each.length > 0;
  if (moves && !isFunction) {
    fail(
      "replay",
      "an optimizer takes a second gradient, where the first has led",
      "give gradients as a function of x",
    );
  }
  checkMemory([...plan.buffers, ...(moves ? before.buffers : [])], backend.limits, runs);
  const storage = backend.storage();
  try {
    const program = await backend.program(plan, storage, series);
    const aside = moves ? await backend.program(before, storage, series) : undefined;
    const packing = new Packing(tensors, of);
    const start = new Float64Array(runs * of.size);
    const numbers = tensors.flatMap((tensor) => tensor.numbers);
    for (let run = 0; run < runs; run++) packing.put(start, run * of.size, numbers);
    storage.write("parameters", start);
    storage.write("hyper", hyperTable(laid.chains, series, of.scalars));
    storage.write("latch", new Uint32Array(runs).fill(CLEAR));
    return { laid, arenas: of, packing, storage, program, aside };
  } catch (error) {
    storage.dispose();
    throw error;
  }
}

/** The gradients of all runs at step t, from where they are. */
export type Field = (
  positions: readonly (readonly number[])[],
  t: number,
) => readonly ReplayGradient[] | Promise<readonly ReplayGradient[]>;

/** A caller's gradients for all runs. */
export const fieldOf =
  ({ gradients }: Pick<ReplayOptions, "gradients">): Field =>
  (positions, t) =>
    positions.map((x, run) => (typeof gradients === "function" ? gradients(x, { t, run }) : gradients[t]!));

/** A gradient, checked, and the value if one came with it. */
function checked(given: ReplayGradient, t: number, size: number): { value?: number; gradient: readonly number[] } {
  const made = "gradient" in given ? given : { gradient: given };
  if (made.gradient.length !== size) {
    fail("replay", `the gradient of step ${t} has ${made.gradient.length} numbers, the start ${size}`);
  }
  return made;
}

export function replaySteps({ gradients, steps }: ReplayOptions): number {
  const tape = typeof gradients === "function" ? undefined : gradients.length;
  const wanted = steps ?? tape ?? fail("replay", "steps is not given beside a function", "say how many");
  checkInteger("replay", "steps", wanted, { min: 1 });
  if (tape !== undefined && tape < wanted) fail("replay", `${tape} gradients for ${wanted} steps`, "give one for each");
  return wanted;
}

function seedsOf({ seed = 0 }: ReplayOptions, runs: number): readonly number[] {
  const seeds = typeof seed === "number" ? Array.from({ length: runs }, () => seed) : seed;
  if (seeds.length !== runs) fail("replay", `${seeds.length} seeds for ${runs} optimizers`, "give one for each");
  for (const one of seeds) checkInteger("replay", "seed", one, { min: 0, max: 2 ** 32 - 1 });
  return seeds;
}

/** Every run's position, in the caller's order. */
async function positionsOf({ laid, arenas: { size }, packing, storage }: Made): Promise<number[][]> {
  const arena = await storage.read("parameters");
  return laid.place.map((at) => packing.take(arena, at * size));
}

/** Puts every run's gradient at x where the update reads it; the function's values where they came with it. */
async function give(
  made: Made,
  field: Field,
  t: number,
  x: readonly (readonly number[])[],
): Promise<(number | undefined)[]> {
  const given = await field(x, t);
  const { laid, arenas: of, packing, storage } = made;
  const arena = new Float64Array(of.runs * of.size);
  const values = x.map((position, run) => {
    const { gradient, value } = checked(given[run] as ReplayGradient, t, position.length);
    packing.put(arena, (laid.place[run] as number) * of.size, gradient);
    return value;
  });
  storage.write("gradients", arena);
  return values;
}

/** Plays all steps; trajectories of the runs as they were given. */
async function play(made: Made, field: Field, steps: number): Promise<Trajectory[]> {
  const { laid, program, aside } = made;
  const all = laid.place.map(() => ({ positions: [] as number[][], values: [] as number[] }));
  let x = await positionsOf(made);
  all.forEach(({ positions }, run) => void positions.push(x[run] as number[]));
  for (let t = 0; t < steps; t++) {
    (await give(made, field, t, x)).forEach((value, run) => {
      if (value !== undefined) all[run]?.values.push(value);
    });
    if (aside) {
      await aside.run(t, 1);
      await give(made, field, t, await positionsOf(made));
    }
    await program.run(t, 1);
    x = await positionsOf(made);
    all.forEach(({ positions }, run) => void positions.push(x[run] as number[]));
    if (all.every(({ values }) => values.length > t)) {
      laid.listeners.tell(
        t,
        Float64Array.from(all, ({ values }) => values[t] as number),
      );
    }
  }
  return all;
}

/**
 * Drives an optimizer, or several as the runs of one population, from `start` with the same gradients, on any backend:
 * on the GPU in f32. An optimizer that takes two gradients a step (sam) asks a function of x twice; values are those of the first
 * time. Throws for it with a tape, and for gradients that are too few or too short.
 */
export async function replay(backend: Backend, optimizer: Optimizer, options: ReplayOptions): Promise<Trajectory>;
export async function replay(
  backend: Backend,
  optimizers: readonly Optimizer[],
  options: ReplayOptions,
): Promise<Trajectory[]>;
export async function replay(
  backend: Backend,
  given: Optimizer | readonly Optimizer[],
  options: ReplayOptions,
): Promise<Trajectory | Trajectory[]> {
  const optimizers = "kind" in given ? [given] : given;
  const remote = remoteOf(backend);
  const all = remote ? await remote.replay(optimizers, options) : await replayAll(backend, optimizers, options);
  return "kind" in given ? (all[0] as Trajectory) : all;
}

/** All runs in this thread; `field` gives the gradients where the options themselves cannot. */
export async function replayAll(
  backend: Backend,
  optimizers: readonly Optimizer[],
  options: ReplayOptions,
  field: Field = fieldOf(options),
): Promise<Trajectory[]> {
  checkKeys("replay", options, ["start", "gradients", "steps", "seed"]);
  if (optimizers.length === 0) fail("replay", "no optimizers, expected at least one");
  const steps = replaySteps(options);
  const isFunction = typeof options.gradients === "function";
  const seeds = seedsOf(options, optimizers.length);
  const made = await open(backend, optimizers, tensorsOf(options.start), { steps, seeds, isFunction });
  try {
    return await play(made, field, steps);
  } finally {
    made.program.dispose();
    made.aside?.dispose();
    made.storage.dispose();
  }
}
