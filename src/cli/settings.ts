// From flags and a config file to a job, and from a job to the recipe.json that runs it again.
import { readFileSync } from "node:fs";
import { checkKeys, fail, FallLineError } from "../core/check.ts";
import { type Layer, type Loss, lossKindOf, summary } from "../nn/index.ts";
import type { Order } from "../ops/batch.ts";
import type { NumericClass } from "../scheduler/plan.ts";
import type { Optimizer } from "../optim/index.ts";
import { checkValue, type Flag, type Values } from "./args.ts";
import { type DataShape, type DataSpec, checkDataName, dataShape, shapeOf } from "./data.ts";
import { UsageError } from "./errors.ts";
import type { EntrySpec, Job } from "./job.ts";
import { isFile, openHere, readFiles, sameFiles } from "./files.ts";
import { readLoss } from "./losses.ts";
import { readModel } from "./model.ts";
import { defaultRates, entryName, makeOptimizer, type OptimizerSpec } from "./optimizers.ts";
import { readOwn } from "./own_data.ts";
import { optionsOf, readItems } from "./words.ts";

/** Fields of a recipe.json that are no flags of their own. */
const RECIPE_ONLY = ["command", "entries", "recipeHash", "dataHash"] as const;
/** Fields that a file may hold as data where a flag is text. */
const STRUCTURED: readonly string[] = ["data", "model", "loss"];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A config file's fields. */
export function readConfig(path: string, verb: string, flags: readonly Flag[]): Values {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(`--config: ${path} cannot be read (${error instanceof Error ? error.message : error})`, verb);
  }
  if (!isObject(parsed)) throw new UsageError(`--config: ${path} is no JSON object, expected a recipe`, verb);
  const { command } = parsed;
  if (command !== undefined && command !== verb) {
    throw new UsageError(`--config: ${path} is a recipe of ${String(command)}; run fall-line ${String(command)}`, verb);
  }
  return checkRecipe(verb, parsed, flags, path);
}

/** A recipe's fields, checked as flags are; a misspelt one is an error. */
export function checkRecipe(verb: string, recipe: Values, flags: readonly Flag[], where = verb): Values {
  const usable = flags.filter(({ name }) => name !== "config");
  checkKeys(where, recipe, [...RECIPE_ONLY, "seeds", ...usable.map(({ name }) => name)]);
  const entries = Object.entries(recipe).map(([name, value]) => {
    const flag = usable.find((candidate) => candidate.name === name);
    const plain = !flag || (STRUCTURED.includes(name) && typeof value === "object");
    return [name, plain ? value : checkValue(flag, value, verb, `${where}: ${name}`)];
  });
  return Object.fromEntries(entries);
}

function dataOf({ data = "digits", size }: Values): DataSpec {
  let spec: DataSpec;
  if (typeof data === "string" && isFile(data)) spec = readFiles(data);
  else if (typeof data === "string") {
    const [item, more] = readItems("--data", data);
    if (!item || more) fail("--data", `"${data}" names ${more ? "several sets" : "no set"}, expected one`);
    spec = { name: item.name, options: optionsOf("--data", item) };
  } else spec = { options: {}, ...(data as { name: string }) };
  if (typeof data === "object" && spec.files) spec = sameFiles(spec);
  if (!spec.files) checkDataName(spec.name);
  if (size === undefined) return spec;
  if (spec.name !== "digits") fail("--size", `is for digits, the data are ${spec.name}`, "leave it out");
  return { ...spec, options: { ...spec.options, size: Number(size) } };
}

/** Steps enough for any schedule, where the length is in epochs and so not known before the data. */
const MANY = 2 ** 20;

/** A network that does well on the data without being large. */
function defaultModel({ outputs, bytes }: DataShape): string {
  if (bytes) return `linear 64, relu, linear ${outputs}`;
  return `linear 16, tanh, linear 16, tanh, linear ${outputs}`;
}

/** One entry for each optimizer and lr. */
function entriesFrom(
  list: string,
  rates: readonly number[] | undefined,
  { schedule, one, steps }: { schedule: string; one: boolean; steps: number },
): EntrySpec[] {
  const specs = readItems(one ? "--optimizer" : "--optimizers", list).flatMap((item): OptimizerSpec[] => {
    const { lr: own, ...options } = optionsOf(item.name, item) as Record<string, number | boolean>;
    const usual = defaultRates(item.name);
    const tried =
      own !== undefined ? [own as number] : (rates ?? (one ? [usual[Math.floor(usual.length / 2)] as number] : usual));
    return tried.map((lr) => ({ name: item.name, lr, options, schedule }));
  });
  for (const spec of specs) makeOptimizer(spec, steps);
  const entries = specs.map((optimizer) => ({ name: entryName(optimizer), optimizer }));
  const twice = entries.find(({ name }, i) => entries.findIndex((other) => other.name === name) < i);
  if (twice) fail("--optimizers", `${twice.name} comes twice`, "name each optimizer and lr once");
  return entries;
}

/** A recipe's entries: by name, an optimizer of ours by name and lr, or a chain of rules. */
function entriesIn(value: unknown, steps: number): EntrySpec[] {
  if (!isObject(value) || Object.keys(value).length === 0) fail("config", "entries is no object of optimizers by name");
  return Object.entries(value).map(([name, optimizer]) => {
    if (!isObject(optimizer)) fail("config", `entry ${name} is no optimizer`);
    if ("kind" in optimizer) return { name, optimizer: optimizer as unknown as Optimizer };
    const { options = {}, schedule = "constant" } = optimizer;
    const spec = { ...optimizer, options, schedule } as unknown as OptimizerSpec;
    makeOptimizer(spec, steps);
    return { name, optimizer: spec };
  });
}

function entriesOf(verb: Job["kind"], values: Values): EntrySpec[] {
  const { schedule = "constant", steps = MANY } = values as { schedule?: string; steps?: number };
  if (values.entries !== undefined) return entriesIn(values.entries, steps);
  if (verb === "train") {
    const rates = values.lr === undefined ? undefined : [values.lr as number];
    const entries = entriesFrom((values.optimizer as string | undefined) ?? "adam", rates, {
      schedule,
      one: true,
      steps,
    });
    if (entries.length > 1)
      fail("--optimizer", `names ${entries.length} optimizers, expected one`, "several are for fall-line race");
    return entries;
  }
  const list = (values.optimizers as string | undefined) ?? "sgd, momentum, adam, adamw";
  return entriesFrom(list, values.lr as number[] | undefined, { schedule, one: false, steps });
}

function lengthOf({ steps, epochs }: Values, digits: boolean): Pick<Job, "steps" | "epochs"> {
  if (steps !== undefined && epochs !== undefined)
    fail("--steps", "and --epochs are both given", "leave one of them out");
  if (steps !== undefined) return { steps: steps as number };
  if (epochs !== undefined) return { epochs: epochs as number };
  return digits ? { epochs: 4 } : { steps: 500 };
}

/** What the flags on the command line replace in a recipe: a new optimizer or lr replaces its entries. */
function merged(config: Values, flags: Values): Values {
  const base: Record<string, unknown> = { ...config };
  if (flags.steps !== undefined) delete base.epochs;
  if (flags.epochs !== undefined) delete base.steps;
  if (["optimizer", "optimizers", "lr", "schedule"].some((name) => flags[name] !== undefined)) delete base.entries;
  if (flags.data !== undefined) delete base.size;
  if (flags.seed !== undefined) delete base.seeds;
  return { ...base, ...flags };
}

/** Flags of a training's validations; any of them asks for them. */
const VALIDATION = {
  validateEvery: "every",
  monitor: "monitor",
  patience: "patience",
  minDelta: "minDelta",
  keepBest: "keepBest",
};

/** How rows are drawn and sums are taken, and what is validated on the way. */
function drawnOf({
  order,
  dataSeed,
  numericClass,
  ...values
}: Values): Pick<Job, "order" | "dataSeed" | "numericClass" | "validation"> {
  const given = Object.entries(VALIDATION).filter(([flag]) => values[flag] !== undefined);
  const validation = Object.fromEntries(given.map(([flag, option]) => [option, values[flag]]));
  return {
    ...(order === undefined ? {} : { order: order as Order }),
    ...(dataSeed === undefined ? {} : { dataSeed: dataSeed as number }),
    ...(numericClass === undefined ? {} : { numericClass: numericClass as NumericClass }),
    ...(given.length > 0 ? { validation } : {}),
  };
}

/** The job that the flags and the config describe; throws FallLineError or UsageError before anything is started. */
export async function jobOf(verb: Job["kind"], flags: Values, config: Values = {}): Promise<Job> {
  const values = merged(config, flags);
  const data = dataOf(values);
  const shape = data.files ? shapeOf(await readOwn(data, openHere)) : await dataShape(data);
  const { model: given = defaultModel(shape), loss: named = shape.labels ? "crossEntropy" : "meanSquaredError" } =
    values;
  const model = typeof given === "string" ? readModel(given) : (given as Layer[]);
  summary(model, { input: [shape.features] });
  const loss = typeof named === "string" ? readLoss(named) : (named as Loss);
  lossKindOf(loss);
  const seeds = values.seeds ?? (values.seed === undefined ? (verb === "race" ? [1, 2, 3] : [1]) : [values.seed]);
  if (new Set(seeds as number[]).size !== (seeds as number[]).length)
    fail("--seeds", "one comes twice", "give distinct seeds");
  const batch = (values.batch as number | undefined) ?? Math.min(data.name === "digits" ? 128 : 32, shape.train);
  if (batch > shape.train)
    fail("--batch", `is ${batch}, there are ${shape.train} training rows`, `use at most ${shape.train}`);
  return {
    ...{ kind: verb, data, model, loss, entries: entriesOf(verb, values), seeds: seeds as number[], batch },
    ...lengthOf(values, data.name === "digits"),
    ...drawnOf(values),
    test: true,
  };
}

/** Whether a rerun was the same: a sentence where a recipe's hash is not the one its config had. */
export function differs(config: Values, recipe: unknown): string | undefined {
  const { recipeHash: before } = config;
  const { recipeHash: now } = recipe as { recipeHash: string };
  return before === undefined || before === now
    ? undefined
    : `note: the recipe is not the config's own (hash ${now}, there ${String(before)})`;
}

export const isUsage = (error: unknown): error is FallLineError | UsageError =>
  error instanceof UsageError || error instanceof FallLineError;
