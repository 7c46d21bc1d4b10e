// replay(): drives optimizers with gradients from outside, without a model. One submit a step: made to look at, not for
// speed.
import type { Backend, Program, Storage } from "../backend/backend.ts";
import { checkInteger, checkKeys, fail } from "../core/check.ts";
import { parameter } from "../graph/node.ts";
import type { Optimizer } from "../optim/chain.ts";
import { type Arenas, arenas } from "../scheduler/arenas.ts";
import { checkMemory } from "../scheduler/check.ts";
import { place } from "../scheduler/place.ts";
import type { StepProgram } from "../scheduler/program.ts";
import { hyperTable, seriesOf } from "../scheduler/steps.ts";
import { tune } from "../scheduler/tuning.ts";
import { type Laid, layRuns } from "./layout.ts";
import { Packing, type ReplayTensor, type Tensors, tensorsOf } from "./packing.ts";
import { CLEAR } from "./population.ts";

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
}

export interface Trajectory {
  /** Before the first step and after each: [steps + 1] of all numbers. */
  readonly positions: readonly (readonly number[])[];
  /** The function's values before each step, where the gradients came with values. */
  readonly values: readonly number[];
}

/** The update alone as a step program: the gradients are written from outside. */
function updateProgram(backend: Backend, of: Arenas, { groups, planner }: Laid): StepProgram {
  const work = groups.flatMap(({ chain, range }) => planner(of, chain, range));
  const each = place(
    "replay",
    work.map((at) => tune(at, backend.tuning)),
    new Set(),
    of.runs,
  );
  return {
    name: "replay",
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
  };
}

interface Made {
  readonly laid: Laid;
  readonly arenas: Arenas;
  readonly packing: Packing;
  readonly storage: Storage;
  readonly program: Program;
}

async function open(
  backend: Backend,
  optimizers: readonly Optimizer[],
  tensors: Tensors,
  steps: number,
): Promise<Made> {
  const runs = optimizers.length;
  const laid = await layRuns(
    optimizers.map((optimizer) => ({ optimizer, init: 0, order: 0 })),
    steps,
  );
  const twice = laid.chains.find(({ phases }) => phases.findIndex(({ last }) => last) < phases.length - 1);
  if (twice) fail("replay", `${twice.key} takes two gradients a step`, "train a model with it");
  const parameters = tensors.map(({ name, shape }) => ({ name, node: parameter(name, shape) }));
  const slots = Math.max(...laid.chains.map((chain) => chain.slots));
  const scalars = Math.max(...laid.chains.map((chain) => chain.scalars.length));
  const reduced = Math.max(...laid.chains.map((chain) => chain.reduced));
  const of = arenas(parameters, { runs, orders: 1, slots, scalars, reduced });
  const series = seriesOf(laid.chains);
  const plan = updateProgram(backend, of, laid);
  checkMemory(plan.buffers, backend.limits, runs);
  const storage = backend.storage();
  try {
    const program = await backend.program(plan, storage, series);
    const packing = new Packing(tensors, of);
    const start = new Float64Array(runs * of.size);
    const numbers = tensors.flatMap((tensor) => tensor.numbers);
    for (let run = 0; run < runs; run++) packing.put(start, run * of.size, numbers);
    storage.write("parameters", start);
    storage.write("hyper", hyperTable(laid.chains, series, of.scalars));
    storage.write("latch", new Uint32Array(runs).fill(CLEAR));
    return { laid, arenas: of, packing, storage, program };
  } catch (error) {
    storage.dispose();
    throw error;
  }
}

/** The gradient of a run at a step, checked, and the value if one came with it. */
function gradientAt(
  { gradients }: ReplayOptions,
  x: readonly number[],
  at: { t: number; run: number },
): { value?: number; gradient: readonly number[] } {
  const given = typeof gradients === "function" ? gradients(x, at) : (gradients[at.t] as readonly number[]);
  const made = "gradient" in given ? given : { gradient: given };
  if (made.gradient.length !== x.length) {
    fail("replay", `the gradient of step ${at.t} has ${made.gradient.length} numbers, the start ${x.length}`);
  }
  return made;
}

function stepsOf({ gradients, steps }: ReplayOptions): number {
  const tape = typeof gradients === "function" ? undefined : gradients.length;
  const wanted = steps ?? tape ?? fail("replay", "steps is not given beside a function", "say how many");
  checkInteger("replay", "steps", wanted, { min: 1 });
  if (tape !== undefined && tape < wanted) fail("replay", `${tape} gradients for ${wanted} steps`, "give one for each");
  return wanted;
}

/** Plays all steps; trajectories of the runs as they were given. */
async function play(made: Made, options: ReplayOptions, steps: number): Promise<Trajectory[]> {
  const { laid, arenas: of, packing, storage, program } = made;
  const all = laid.place.map(() => ({ positions: [] as number[][], values: [] as number[] }));
  const gather = async (): Promise<void> => {
    const arena = await storage.read("parameters");
    all.forEach(
      ({ positions }, run) => void positions.push(packing.take(arena, (laid.place[run] as number) * of.size)),
    );
  };
  await gather();
  const arena = new Float64Array(of.runs * of.size);
  for (let t = 0; t < steps; t++) {
    all.forEach(({ positions, values }, run) => {
      const { gradient, value } = gradientAt(options, positions[t] as number[], { t, run });
      packing.put(arena, (laid.place[run] as number) * of.size, gradient);
      if (value !== undefined) values.push(value);
    });
    storage.write("gradients", arena);
    await program.run(t, 1);
    await gather();
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
 * on the GPU in f32. Throws for gradients that are too few or too short.
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
  checkKeys("replay", options, ["start", "gradients", "steps"]);
  const optimizers = "kind" in given ? [given] : given;
  if (optimizers.length === 0) fail("replay", "no optimizers, expected at least one");
  const steps = stepsOf(options);
  const made = await open(backend, optimizers, tensorsOf(options.start), steps);
  try {
    const all = await play(made, options, steps);
    return "kind" in given ? (all[0] as Trajectory) : all;
  } finally {
    made.program.dispose();
    made.storage.dispose();
  }
}
