// Settings as a job for the worker: data, model, optimizer as plain data, and the model in numbers.
import { fail } from "../../core/check.ts";
import { blobs, circles, type Dataset, moons, sine, spirals, xor } from "../../data/index.ts";
import { type Layer, linear, type Summary, summary } from "../../nn/index.ts";
import type { DataSpec, Grid, Job } from "../trainer/protocol.ts";
import { makeOptimizer } from "./optimizers.ts";
import { makeSchedule } from "./schedules.ts";
import type { Settings } from "./settings.ts";
import { OWN } from "./sets.ts";

/** Points a side of the decision surface, and along a regression's line. */
const GRID = 48;
const LINE = 200;
const VALIDATIONS = 40;
/** More would make a phone's browser give up. */
const MOST_PARAMETERS = 8_000_000;

const MADE_UP: Readonly<Record<string, (options: object) => Dataset>> = { spirals, moons, circles, blobs, xor, sine };

/** What is known of the data before the worker has them. */
export interface DataFacts {
  readonly shape: readonly number[];
  readonly outputs: number;
  readonly labels: boolean;
  readonly train: number;
  readonly rows: number;
  readonly bytes: boolean;
  /** The points themselves, but for digits, which only the worker holds. */
  readonly data: Dataset | undefined;
}

/** The set itself where it is made here or the person's own; undefined for digits. Throws for options that cannot be. */
function dataHere({ data, dataOptions }: Settings, own: Dataset | undefined): Dataset | undefined {
  if (data === OWN) return own ?? fail("data", "no file of your own is open", "drop a CSV or IDX file on the page");
  return MADE_UP[data]?.(dataOptions);
}

export function factsOf(settings: Settings, own: Dataset | undefined): DataFacts {
  const data = dataHere(settings, own);
  if (!data) {
    const { size = 28 } = settings.dataOptions;
    return { shape: [size * size], outputs: 10, labels: true, train: 7000, rows: 10_000, bytes: true, data };
  }
  const { shape, outputs, classes, splits, count } = data;
  const bytes = data.x instanceof Uint8Array;
  return { shape, outputs, labels: classes !== undefined, train: splits.train.count, rows: count, bytes, data };
}

/** A square about the points, with room. */
function gridOf({ x }: Dataset): Grid {
  let reach = 0;
  for (const value of x) reach = Math.max(reach, Math.abs(value));
  reach *= 1.1;
  return { size: GRID, left: -reach, right: reach, bottom: -reach, top: reach };
}

/** Even steps over a regression's inputs, with room. */
function lineOf({ x }: Dataset): Float32Array {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of x) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const room = 0.1 * (high - low || 1);
  return Float32Array.from({ length: LINE }, (_, i) => low - room + (i / (LINE - 1)) * (high - low + 2 * room));
}

/** Where the network is looked at over all of its inputs: the plane, or a line. */
function looksOf({ data, labels, outputs }: DataFacts): Pick<Job, "grid" | "line"> {
  if (!data || data.x instanceof Uint8Array) return {};
  if (data.features === 2 && labels) return { grid: gridOf(data) };
  return data.features === 1 && outputs === 1 && !labels ? { line: lineOf(data) } : {};
}

function specOf({ data, dataOptions }: Settings, facts: DataFacts): DataSpec {
  if (data === OWN && facts.data) return { own: facts.data };
  return { name: data, options: dataOptions };
}

export interface Made {
  readonly job: Job;
  readonly summary: Summary;
  readonly facts: DataFacts;
}

/** Everything the settings make, before any of it runs. Throws in words for what cannot be built. */
export function make(settings: Settings, own: Dataset | undefined): Made {
  const facts = factsOf(settings, own);
  const { hidden, loss, optimizer: choice, schedule, lr, batch, steps, seed } = settings;
  const model: readonly Layer[] = [...hidden, linear(facts.outputs)];
  const optimizer = makeOptimizer(choice, makeSchedule(schedule, lr, steps));
  if (batch > facts.train)
    fail("batch", `${batch}, there are ${facts.train} training rows`, `use at most ${facts.train}`);
  const counted = summary(model, { input: facts.shape, optimizer, batch });
  if (counted.parameters > MOST_PARAMETERS) {
    fail(
      "model",
      `${counted.parameters} parameters, expected at most ${MOST_PARAMETERS} on this page`,
      "use narrower layers",
    );
  }
  const validateEvery = Math.max(1, Math.ceil(steps / VALIDATIONS));
  const common = { data: specOf(settings, facts), model, loss: { kind: loss }, optimizer, batch, steps, seed };
  return { job: { ...common, validateEvery, paused: false, ...looksOf(facts) }, summary: counted, facts };
}

/** The recipe.json of a job, which `fall-line train --config recipe.json` runs; own data are named, not held. */
export function recipeJson({ job }: Made): Readonly<Record<string, unknown>> {
  const { data, model, loss, optimizer, batch, steps, seed } = job;
  const named = "own" in data ? { name: data.own.name, options: {} } : { name: data.name, options: data.options };
  return { command: "train", data: named, model, loss, entries: { page: optimizer }, seeds: [seed], batch, steps };
}
