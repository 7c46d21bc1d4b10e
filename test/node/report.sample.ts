// A made-up race for the report's tests: the numbers come from a formula, not from any training.
import { normal } from "../../src/core/random.ts";
import { type EntryResult, type RaceResult, type RunResult, scheduledSteps } from "../../src/report/index.ts";

interface Optimizer {
  readonly name: string;
  readonly settings: string;
  /** The lr at which it does best, and the loss it reaches there. */
  readonly lr: number;
  readonly least: number;
  readonly grid: readonly number[];
}

const OPTIMIZERS: readonly Optimizer[] = [
  { name: "adamw", settings: " weightDecay 0.01", lr: 2e-3, least: 0.021, grid: [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2] },
  { name: "lion", settings: "", lr: 3e-4, least: 0.022, grid: [3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2] },
  {
    name: "sgd",
    settings: " momentum 0.9 nesterov",
    lr: 0.4,
    least: 0.034,
    grid: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3],
  },
  { name: "rmsprop", settings: "", lr: 1e-3, least: 0.03, grid: [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2] },
];

/** Logged steps 10, 20, ... 1000. */
const at = Array.from({ length: 100 }, (_, i) => 10 * (i + 1));

function run(optimizer: Optimizer, lr: number, seed: number, stream: number): RunResult {
  const off = Math.log10(lr / optimizer.lr);
  const end = Math.min(2, optimizer.least * 10 ** (0.55 * off * off)) * Math.exp(0.07 * normal(seed, stream, 0, 0));
  const diverged = off > 1.1 || (off > 0.9 && seed === 2) ? 120 + 40 * seed : undefined;
  const loss = at.map((step, i) => {
    if (diverged !== undefined && step >= diverged) return Number.NaN;
    if (diverged !== undefined) return 2.3 * Math.exp(step / 80);
    const noise = Math.exp(0.06 * normal(seed, stream, 1, i));
    return (
      (end + (2.3 - end) * Math.exp((-step * 6 * 10 ** Math.min(0, off)) / 300) + 0.25 * Math.exp(-step / 280)) * noise
    );
  });
  if (diverged !== undefined) return { seed, loss, validation: { loss: Number.NaN, accuracy: 0.1 }, diverged };
  const validation = 0.09 + 1.6 * Math.min(end, 2) + 0.004 * normal(seed, stream, 2, 0);
  const accuracy =
    Math.round(1000 * Math.max(0.11, 1 - 0.024 - 0.45 * Math.min(end, 1.8) + 0.0012 * normal(seed, stream, 3, 0))) /
    1000;
  return { seed, loss, validation: { loss: validation, accuracy } };
}

function entries(seeds: readonly number[]): EntryResult[] {
  return OPTIMIZERS.flatMap((optimizer, i) =>
    optimizer.grid.map((lr, j) => ({
      name: `${optimizer.name} ${lr}`,
      optimizer: `${optimizer.name} lr ${lr}${optimizer.settings}`,
      lr,
      runs: seeds.map((seed) => run(optimizer, lr, seed, 10 * i + j)),
    })),
  );
}

/** 4 optimizers with 6 learning rates each, some of them diverging. */
export function sampleRace(seeds: readonly number[] = [1, 2, 3]): RaceResult {
  return {
    schema: 1,
    name: "Four optimizers on digits",
    kind: "race",
    made: {
      version: "0.1.0",
      commit: "3f2a91c",
      date: "2026-01-31T12:00:00Z",
      browser: "Chrome 156.0.0.0",
      adapter: "google swiftshader",
      software: true,
      numericClass: "sequential",
    },
    recipe: {
      data: "digits",
      model: [{ kind: "linear", width: 64 }, { kind: "relu" }],
      batch: 128,
      steps: 1000,
      seeds,
    },
    recipeHash: "9c0f6d1e5a7b3c21",
    data: { name: "digits", hash: "5e884898da280471", train: 7000, validation: 1000, test: 2000 },
    model: "784 - linear 64 - relu - linear 10",
    parameters: 50890,
    batch: 128,
    steps: 1000,
    seeds,
    lossName: "cross-entropy",
    metricName: "accuracy",
    at,
    entries: entries(seeds),
    winner: {
      entry: "lion 0.0003",
      seed: seeds[0],
      chosenBy: "the best median validation accuracy, then that entry's best seed",
      test: { loss: 0.126, accuracy: 0.9655 },
    },
    seconds: { total: 74.2, training: 61.8, stepsPerSecond: 16.2, runSteps: 72000 },
  };
}

/** The race with a warm-up and a cosine for every entry's rate, momentum that cycles in one, and a plateau in another. */
export function sampleScheduled(): RaceResult {
  const race = sampleRace();
  const at = scheduledSteps(race.steps);
  const shape = (t: number) => Math.min(t / 100, (1 + Math.cos((Math.PI * Math.max(0, t - 100)) / 900)) / 2);
  const entries = race.entries.map((entry, i): EntryResult => {
    const lr = { name: "lr", steps: race.steps, values: at.map((t) => entry.lr * shape(t)) };
    const momentum = { name: "momentum", steps: race.steps, values: at.map((t) => 0.95 - 0.1 * shape(t)) };
    if (i === 1) return { ...entry, schedules: [{ name: "lr", steps: race.steps }] };
    return { ...entry, schedules: entry.name.startsWith("sgd") ? [lr, momentum] : [lr] };
  });
  return { ...race, entries };
}

/** The same task with the named entries alone. */
export function sampleOf(names: readonly string[], seeds?: readonly number[]): RaceResult {
  const race = sampleRace(seeds);
  return { ...race, entries: race.entries.filter(({ name }) => names.includes(name)), winner: undefined };
}

/** One entry and one seed. */
export function sampleTraining(): RaceResult {
  return { ...sampleOf(["adamw 0.001"], [7]), kind: "train", name: "adamw on digits" };
}
