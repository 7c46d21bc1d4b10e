// What is raced: data, network, optimizers and their learning rates, seeds; with limits, defaults and the address that holds them.
import { makeData } from "../../cli/data.ts";
import { readModel, writeModel } from "../../cli/model.ts";
import { defaultRates, entryName, makeOptimizer, optimizerNames, type OptimizerSpec } from "../../cli/optimizers.ts";
import { type Item, readItems } from "../../cli/words.ts";
import { fail, nearest } from "../../core/check.ts";
import { type Layer, summary } from "../../nn/index.ts";
import { Query, writeFields } from "../fields.ts";
import type { RaceJob } from "../lab/protocol.ts";
import { type Limits, readNumber, writeNumber } from "../train/numbers.ts";

/** One optimizer, raced with each of its learning rates. */
export interface Racer {
  readonly name: string;
  readonly rates: readonly number[];
  /** What differs from the optimizer's own: weightDecay 0.1. */
  readonly options?: OptimizerSpec["options"];
}

export interface RaceSettings {
  readonly data: string;
  readonly racers: readonly Racer[];
  readonly schedule: string;
  /** All but the last layer, which has the width of the data's classes. */
  readonly hidden: readonly Layer[];
  readonly seeds: number;
  readonly steps: number;
  readonly batch: number;
}

export const dataNames = ["spirals", "moons", "circles", "blobs", "xor", "sine", "digits"] as const;
export const scheduleNames: readonly string[] = ["constant", "linearDecay", "cosine", "rex", "oneCycle", "wsd"];
export { optimizerNames };

export const limits = {
  seeds: { label: "Seeds", min: 1, max: 50, whole: true },
  steps: { label: "Steps", min: 1, max: 20_000, whole: true },
  batch: { label: "Batch", min: 1, max: 4096, whole: true },
  rate: { label: "Learning rate", min: 1e-7, max: 1e4 },
} as const satisfies Record<string, Limits>;

/** Runs in all; the engine says itself where an adapter holds fewer. */
export const MOST_RUNS = 1000;
const MOST_RACERS = 12;

const racer = (name: string): Racer => ({ name, rates: defaultRates(name) });

const usualHidden = (data: string): readonly Layer[] =>
  data === "digits" ? readModel("linear 32, relu") : readModel("linear 16, tanh, linear 16, tanh");

export function defaults(data: string): RaceSettings {
  const digits = data === "digits";
  return {
    data,
    racers: ["sgd", "momentum", "adam", "lion"].map(racer),
    schedule: "constant",
    hidden: usualHidden(data),
    seeds: digits ? 2 : 5,
    steps: digits ? 150 : 400,
    batch: 32,
  };
}

/** Rates, or the usual ones where there are none, and options that the optimizer takes; throws in words. */
function racerOf({ name, bare, options, inner }: Item): Racer {
  if (inner) fail("optimizers", `${name} takes no brackets`);
  if ("lr" in options)
    fail("optimizers", `${name}: learning rates stand without a name`, `write ${name} ${options.lr}`);
  const own = options as OptimizerSpec["options"];
  makeOptimizer({ name, lr: 1, options: own, schedule: "constant" }, 1);
  const rates = bare.length === 0 ? defaultRates(name) : readRates(bare.join(" "));
  return { name, rates, ...(Object.keys(own).length > 0 ? { options: own } : {}) };
}

/** "0.01 0.03 weightDecay 0.1", of an optimizer. Throws in words for what is no rate and no option of it. */
export function readRacer(name: string, text: string): Racer {
  const [item] = readItems("rates", `${name} ${text.replace(/[,;]/g, " ")}`);
  if (!item || text.trim() === "") return fail("rates", "there are none, expected at least one learning rate");
  return racerOf(item);
}

/** The text that reads back as a racer's rates and options. */
export const writeRates = ({ rates, options = {} }: Racer): string =>
  [...rates.map(writeNumber), ...Object.entries(options).map(([key, value]) => `${key} ${value}`)].join(" ");

/** "sgd 0.1 0.3, adam beta2 0.99" to racers; one without rates has its usual ones. Throws for what is no optimizer, rate or option. */
export function readRacers(text: string): Racer[] {
  const items = readItems("optimizers", text);
  if (items.length > MOST_RACERS) fail("optimizers", `${items.length} of them, expected at most ${MOST_RACERS}`);
  return items.map((item) => {
    const { name } = item;
    if (!optimizerNames.includes(name)) {
      const meant = nearest(name, optimizerNames);
      fail("optimizers", `"${name}" is not known`, meant ? `did you mean "${meant}"?` : undefined);
    }
    return racerOf(item);
  });
}

/** "0.01 0.03" or "0.01, 0.03" to distinct numbers; throws in words. */
export function readRates(text: string): number[] {
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  if (words.length === 0) fail("rates", "there are none, expected at least one learning rate");
  if (words.length > 9) fail("rates", `${words.length} of them, expected at most 9`);
  const rates = words.map((word) => {
    const value = readNumber(limits.rate, word);
    return typeof value === "number" ? value : fail("rates", value);
  });
  if (new Set(rates).size < rates.length) fail("rates", "one comes twice", "give distinct ones");
  return rates;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const writeRacers = (racers: readonly Racer[]): string =>
  racers
    .map((one) => {
      const rates = same(one.rates, defaultRates(one.name)) ? [] : one.rates;
      return `${one.name} ${writeRates({ ...one, rates })}`.trim();
    })
    .join(", ");

/** The query of settings: what is not the default for their data. */
export function writeRace(settings: RaceSettings): string {
  const { data, racers, schedule, hidden, seeds, steps, batch } = settings;
  const usual = defaults(data);
  const unless = <T>(value: T, plain: unknown, written: string | number): string | number | undefined =>
    same(value, plain) ? undefined : written;
  return writeFields({
    data: data === "spirals" ? undefined : data,
    optimizers: unless(racers, usual.racers, writeRacers(racers)),
    schedule: unless(schedule, usual.schedule, schedule),
    hidden: unless(hidden, usual.hidden, hidden.length === 0 ? "none" : writeModel(hidden)),
    seeds: unless(seeds, usual.seeds, seeds),
    steps: unless(steps, usual.steps, steps),
    batch: unless(batch, usual.batch, batch),
  });
}

/** "linear 8, relu", or nothing, to layers that can be built on something. */
export function readHidden(text: string): readonly Layer[] {
  if (text.trim() === "" || text.trim() === "none") return [];
  const hidden = readModel(text);
  const wide = (layers: readonly Layer[]): boolean =>
    layers.some(({ width = 1, layers: inner }) => Number(width) > 1024 || (Array.isArray(inner) && wide(inner)));
  if (wide(hidden)) fail("network", "a layer is wider than 1,024", "a race of many runs needs small networks");
  summary(hidden, { input: [Number(hidden[0]?.width ?? 1)] });
  return hidden;
}

/** Settings from a query; what is unknown or out of limits becomes the default and is told in words. */
export function readRace(query: string): { settings: RaceSettings; notes: readonly string[] } {
  const fields = new Query(query);
  const data = fields.choose("data", dataNames, "spirals");
  const usual = defaults(data);
  const settings: RaceSettings = {
    data,
    racers: fields.read("optimizers", readRacers, usual.racers),
    schedule: fields.choose("schedule", scheduleNames, usual.schedule),
    hidden: fields.read("hidden", readHidden, usual.hidden),
    seeds: fields.number("seeds", limits.seeds, usual.seeds),
    steps: fields.number("steps", limits.steps, usual.steps),
    batch: fields.number("batch", limits.batch, usual.batch),
  };
  return { settings, notes: fields.notes };
}

export const runsOf = ({ racers, seeds }: RaceSettings): number =>
  seeds * racers.reduce((sum, { rates }) => sum + rates.length, 0);

/** What the data look like: features, outputs, rows to train on. */
async function shapeOf(data: string): Promise<{ outputs: number; train: number; labels: boolean }> {
  if (data === "digits") return { outputs: 10, train: 7000, labels: true };
  const { outputs, classes, splits } = await makeData({ name: data, options: {} });
  return { outputs, train: splits.train.count, labels: classes !== undefined };
}

/** The race as the command has it, so that `fall-line race --config recipe.json` runs the same. Throws in words. */
export async function raceJob(settings: RaceSettings): Promise<RaceJob> {
  const { data, racers, schedule, hidden, seeds, steps, batch } = settings;
  const { outputs, train, labels } = await shapeOf(data);
  if (racers.length === 0) fail("race", "no optimizers, expected at least one");
  if (runsOf(settings) > MOST_RUNS)
    fail("race", `${runsOf(settings)} runs, expected at most ${MOST_RUNS}`, "use fewer seeds");
  if (batch > train) fail("batch", `is ${batch}, there are ${train} training rows`, `use at most ${train}`);
  const entries = racers.flatMap(({ name, rates, options = {} }) =>
    rates.map((lr) => {
      const optimizer = { name, lr, options, schedule };
      return { name: entryName(optimizer), optimizer };
    }),
  );
  const twice = entries.find(({ name }, i) => entries.findIndex((other) => other.name === name) < i);
  if (twice) fail("race", `${twice.name} comes twice`, "name each optimizer and rate once");
  for (const { optimizer } of entries) makeOptimizer(optimizer, steps);
  return {
    kind: "race",
    data: { name: data, options: data === "digits" ? { size: 14 } : {} },
    model: [...hidden, { kind: "linear", width: outputs }],
    loss: { kind: labels ? "crossEntropy" : "meanSquaredError" },
    entries,
    seeds: Array.from({ length: seeds }, (_, i) => i + 1),
    batch,
    steps,
    test: true,
  };
}
