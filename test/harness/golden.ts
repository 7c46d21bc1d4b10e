// The known trainings of test/golden/mlp.json as tasks of this library: data, starts, optimizers, and how to play them.
// For tests in Node and in the browser alike.
import type { Backend } from "../../src/backend/backend.ts";
import { dataset } from "../../src/data/index.ts";
import { crossEntropy, gelu, linear, meanSquaredError, relu, residual, tanh } from "../../src/nn/index.ts";
import { adam, adamw, cosine, type Hyper, sgd } from "../../src/optim/index.ts";
import type { Optimizer } from "../../src/optim/chain.ts";
import type { Tuning } from "../../src/scheduler/tuning.ts";
import { Population } from "../../src/train/population.ts";
import type { Task } from "../../src/train/task.ts";
import json from "../golden/mlp.json?raw";

type Matrix = readonly (number | readonly number[])[];
type Tensors = Readonly<Record<string, Matrix>>;

interface Run {
  readonly losses: readonly number[];
  readonly lossesFloat32: readonly number[];
  /** By step, from 1. */
  readonly gradients: Readonly<Record<string, Tensors>>;
  readonly end: Tensors;
}

interface Golden {
  readonly mlp: {
    readonly start: Tensors;
    readonly x: number[][];
    readonly labels: number[];
    readonly batches: number[][];
    readonly runs: Record<string, Run>;
  };
  readonly residual: {
    readonly start: Tensors;
    readonly x: number[][];
    readonly y: number[][];
    readonly runs: Record<string, Omit<Run, "gradients"> & { gradients: Tensors[] }>;
  };
}

const golden = JSON.parse(json) as Golden;

/** Steps of every known training. */
export const STEPS = 10;
/** Rows of a batch; the data lie in the order of the steps, to be read in sequence. */
export const BATCH = 4;

/** What came out, or should: numbers row-major, tensors by the golden file's names (w1, b1 ...). */
export interface Outcome {
  readonly losses: readonly number[];
  /** At steps 1 and 10 (numbered from 1): of the loss, before clipping and without decay. */
  readonly gradients: Readonly<Record<1 | 10, Readonly<Record<string, readonly number[]>>>>;
  readonly end: Readonly<Record<string, readonly number[]>>;
}

/** Hyperparameters by name; lr may be a function of the step. */
export type Hypers = Readonly<Record<string, number>> & { readonly lr: number };

export interface Known {
  readonly name: string;
  readonly hypers: Hypers;
  /** The learning rate of step t = 0, 1, ..., as a factor of hypers.lr. */
  readonly shape: (t: number) => number;
  readonly optimizer: (hypers?: Readonly<Record<string, Hyper>>) => Optimizer;
  readonly want: Outcome;
  readonly lossesFloat32: readonly number[];
}

export interface Problem {
  readonly task: Task;
  /** The golden file's name of each parameter of the model. */
  readonly names: Readonly<Record<string, string>>;
  readonly start: Readonly<Record<string, readonly number[]>>;
  readonly known: readonly Known[];
}

const flat = (tensors: Tensors): Record<string, number[]> =>
  Object.fromEntries(Object.entries(tensors).map(([name, matrix]) => [name, matrix.flat() as number[]]));

/** The golden optimizers; `adam_cosine` anneals over its ten steps. */
const optimizers: Record<
  string,
  { hypers: Hypers; make: (h: Readonly<Record<string, Hyper>>) => Optimizer; cosine?: boolean }
> = {
  sgd_nesterov: { hypers: { lr: 0.1, momentum: 0.9 }, make: (h) => sgd({ ...h, nesterov: true }) },
  sgd_dampening_decay: { hypers: { lr: 0.1, momentum: 0.9, dampening: 0.1, weightDecay: 0.01 }, make: sgd },
  adam: { hypers: { lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8 }, make: adam },
  adamw: { hypers: { lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.1 }, make: adamw },
  adam_clip: { hypers: { lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8 }, make: (h) => adam({ ...h, clip: 0.5 }) },
  adam_cosine: { hypers: { lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8 }, make: adam, cosine: true },
};

function known(name: string, { losses, lossesFloat32, gradients, end }: Run, optimizer = optimizers[name]): Known {
  if (!optimizer) throw new Error(`mlp.json has a run ${name} that no optimizer here stands for`);
  const { hypers, make, cosine: annealed } = optimizer;
  const lr: Hyper = annealed ? cosine(hypers.lr, STEPS) : hypers.lr;
  return {
    name,
    hypers,
    shape: annealed ? (t) => (1 + Math.cos((Math.PI * t) / STEPS)) / 2 : () => 1,
    optimizer: (changed = {}) => make({ ...hypers, lr, ...changed }),
    want: {
      losses,
      gradients: { 1: flat(gradients["1"] as Tensors), 10: flat(gradients["10"] as Tensors) },
      end: flat(end),
    },
    lossesFloat32,
  };
}

/** tanh and relu, cross-entropy: six optimizers. Rows 4 t .. 4 t + 3 of 12, going round. */
export function mlpProblem(): Problem {
  const { x, labels, start, batches, runs } = golden.mlp;
  const rows = batches.flat();
  return {
    task: {
      data: dataset({
        name: "golden mlp",
        x: Float32Array.from(rows.flatMap((row) => x[row] as number[])),
        y: Uint32Array.from(rows, (row) => labels[row] as number),
        outputs: 3,
        split: { train: rows.length },
        shuffle: false,
      }),
      model: [linear(8), tanh(), linear(5), relu(), linear(3)],
      loss: crossEntropy(),
    },
    names: {
      "layer1.w": "w1",
      "layer1.b": "b1",
      "layer3.w": "w2",
      "layer3.b": "b2",
      "layer5.w": "w3",
      "layer5.b": "b3",
    },
    start: flat(start),
    known: Object.entries(runs).map(([name, run]) => known(name, run)),
  };
}

/** A residual block with the tanh form of gelu, mean squared error, SGD; the same four rows at every step. */
export function residualProblem(): Problem {
  const { x, y, start, runs } = golden.residual;
  const rows = Array.from({ length: STEPS }, () => [0, 1, 2, 3]).flat();
  const run = runs.gelu_tanh as (typeof runs)[string];
  const gradients = { "1": run.gradients[0] as Tensors, "10": run.gradients[STEPS - 1] as Tensors };
  return {
    task: {
      data: dataset({
        name: "golden residual",
        x: Float32Array.from(rows.flatMap((row) => x[row] as number[])),
        y: Float32Array.from(rows.flatMap((row) => y[row] as number[])),
        outputs: 2,
        split: { train: rows.length },
        shuffle: false,
      }),
      model: [residual(linear(6), gelu()), linear(2)],
      loss: meanSquaredError(),
    },
    names: { "layer1.layer1.w": "w1", "layer1.layer1.b": "b1", "layer2.w": "w2", "layer2.b": "b2" },
    start: flat(start),
    known: [known("gelu_tanh", { ...run, gradients }, { hypers: { lr: 0.1 }, make: sgd })],
  };
}

/** A population of the problem, one run for each optimizer, at the golden start. */
export async function openProblem(
  backend: Backend,
  { task, names, start }: Problem,
  optimizers: readonly Optimizer[],
  options: { fused?: boolean; tuning?: Tuning } = {},
): Promise<Population> {
  const runs = optimizers.map((optimizer) => ({ optimizer, init: 1, order: 1 }));
  const population = await Population.open(backend, task, {
    batch: BATCH,
    steps: STEPS,
    order: "sequential",
    runs,
    ...options,
  });
  const { segments, size } = population.arenas;
  const all = new Float32Array(runs.length * size);
  for (const { name, offset, rows, cols, pitch } of segments) {
    const values = start[names[name] as string] as readonly number[];
    runs.forEach((_, run) => {
      for (let i = 0; i < rows; i++) all.set(values.slice(i * cols, (i + 1) * cols), run * size + offset + i * pitch);
    });
  }
  population.storage.write("parameters", all);
  return population;
}

/** Plays the ten steps and gives every run's outcome, at the precision the backend stores. */
export async function play(population: Population, { names }: Problem): Promise<Outcome[]> {
  const { storage, options, program } = population;
  const runs = options.runs.map((_, run) => population.placeOf(run));
  const losses = runs.map((): number[] => []);
  const advance = async (t: number, count: number): Promise<void> => {
    await population.advance(t, count);
    const { buffer, stride } = program.metrics as NonNullable<typeof program.metrics>;
    const sums = await storage.read(buffer);
    for (let i = 0; i < count; i++) {
      runs.forEach(
        (place, run) => void losses[run]?.push((sums[(i * runs.length + place) * stride] as number) / BATCH),
      );
    }
  };
  const tensors = async (buffer: string): Promise<Record<string, number[]>[]> => {
    const { segments, size } = population.arenas;
    const all = await storage.read(buffer);
    const number = (place: number, { offset, cols, pitch }: (typeof segments)[number], i: number): number =>
      all[place * size + offset + Math.floor(i / cols) * pitch + (i % cols)] as number;
    return runs.map((place) =>
      Object.fromEntries(
        segments.map((at) => [
          names[at.name],
          Array.from({ length: at.rows * at.cols }, (_, i) => number(place, at, i)),
        ]),
      ),
    );
  };
  await advance(0, 1);
  const first = await tensors("gradients");
  await advance(1, STEPS - 2);
  await advance(STEPS - 1, 1);
  const [last, end] = [await tensors("gradients"), await tensors("parameters")];
  return runs.map((_, run) => ({
    losses: losses[run] as number[],
    gradients: { 1: first[run] as Record<string, number[]>, 10: last[run] as Record<string, number[]> },
    end: end[run] as Record<string, number[]>,
  }));
}

/** Every number of an outcome with a name for messages, in one order. */
export function numbersOf({
  losses,
  gradients,
  end,
}: Outcome): { readonly name: string; readonly values: readonly number[] }[] {
  const named = (prefix: string, tensors: Readonly<Record<string, readonly number[]>>) =>
    Object.keys(tensors)
      .sort()
      .map((name) => ({ name: `${prefix} ${name}`, values: tensors[name] as readonly number[] }));
  return [
    { name: "losses", values: losses },
    ...named("gradient 1 of", gradients[1]),
    ...named("gradient 10 of", gradients[10]),
    ...named("end of", end),
  ];
}
