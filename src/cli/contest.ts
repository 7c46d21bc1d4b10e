// train() and race() behind one face: a job's runs in a row, entry by entry and seed by seed.
import {
  type Backend,
  type Dataset,
  type Evaluation,
  load,
  race,
  type SplitName,
  summary,
  train,
  valueAt,
} from "../index.ts";
import type { Layer, Loss } from "../nn/index.ts";
import { learningRateAt, type Optimizer } from "../optim/chain.ts";
import { decodeCheckpoint } from "../train/checkpoint.ts";
import { type Profile, profileBeside } from "../train/profile.ts";
import type { Recipe } from "../train/recipe.ts";
import type { EntrySpec, Facts, Job } from "./job.ts";
import { isSchedule, scheduleKind } from "../optim/schedule.ts";
import { type ScheduledValues, scheduledSteps } from "../report/index.ts";
import { modelText } from "./model.ts";
import { makeOptimizer, optimizerFamily, optimizerText } from "./optimizers.ts";
import { fromBase64 } from "./wire.ts";

/** Losses of every run before update `step`. */
export interface StepLosses {
  readonly step: number;
  readonly loss: readonly number[];
}

export interface Contest {
  readonly facts: Omit<Facts, "adapter" | "data" | "metricName">;
  readonly loss: Loss;
  metrics(): AsyncIterable<StepLosses>;
  evaluate(split: SplitName): Promise<{ evaluation: Evaluation; diverged: number | undefined }[]>;
  save(): Promise<Uint8Array>;
  profile(): Promise<Profile>;
  close(): Promise<void>;
}

/** The chain of an entry, and what results say of it. */
function entryOf(spec: EntrySpec, steps: number): { entry: Facts["entries"][number]; chain: Optimizer } {
  const { name, optimizer } = spec;
  if ("kind" in optimizer) {
    const text = optimizer.links.map(({ rule, options }) => [rule, ...numbers(options)].join(" ")).join(", ");
    const said = { optimizer: text, lr: learningRateAt(optimizer, 0), ...schedulesOf(optimizer, steps) };
    return { entry: { name, ...said }, chain: optimizer };
  }
  const said = { optimizer: optimizerText(optimizer), family: optimizerFamily(optimizer), lr: optimizer.lr };
  const chain = makeOptimizer(optimizer, steps);
  return { entry: { name, ...said, ...schedulesOf(chain, steps) }, chain };
}

const numbers = (options: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(options).map(([key, value]) => `${key} ${typeof value === "number" ? value : "scheduled"}`);

/** Values of the hyperparameters that change, for the report; the rate of descend is the lr. */
function schedulesOf({ links, groups = [] }: Optimizer, steps: number): { schedules?: ScheduledValues[] } {
  const at = scheduledSteps(steps);
  const parts = [{ links, of: "" }, ...groups.map((group, i) => ({ ...group, of: ` of group ${i + 1}` }))];
  const schedules = parts.flatMap((part) =>
    part.links.flatMap(({ rule, options }) =>
      Object.entries(options).flatMap(([option, value]): ScheduledValues[] => {
        if (!isSchedule(value) || value.kind === "constant") return [];
        const own = rule === option ? rule : `${rule} ${option}`;
        const name = (rule === "descend" ? "lr" : own) + part.of;
        if (scheduleKind(value).listen) return [{ name, steps }];
        return [{ name, steps, values: at.map((t) => Number(valueAt(value, t).toPrecision(6))) }];
      }),
    ),
  );
  return schedules.length > 0 ? { schedules } : {};
}

/** "crossEntropy" as people write it. */
const words = (kind: string): string => kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

interface Described {
  readonly model: readonly Layer[];
  readonly loss: Loss;
  readonly batch: number;
  readonly steps: number;
  readonly start: number;
  readonly seeds: readonly number[];
  readonly entries: Facts["entries"];
  readonly recipe: { readonly recipe: Recipe; readonly hash: string };
}

function factsOf(data: Dataset, made: Described): Contest["facts"] {
  const { model, loss, batch, steps, start, seeds, entries, recipe } = made;
  return {
    model: modelText(data.features, model),
    parameters: summary(model, { input: data.shape }).parameters,
    ...{ batch, steps, start, seeds, entries },
    lossName: words(loss.kind),
    numericClass: recipe.recipe.numericClass,
    recipeHash: recipe.hash,
  };
}

/** Steps of a job on its data: given, or whole epochs without the last partial batch. */
function stepsOf({ steps, epochs, batch }: Job, data: Dataset): number {
  if (steps !== undefined) return steps;
  return Math.max(1, Math.round((epochs ?? 1) * Math.max(1, Math.floor(data.splits.train.count / batch))));
}

/** The CPU references hold this thread while they work: a step at a time lets a signal come between. */
const paceOf = ({ kind }: Backend) => (kind === "cpu" ? { stepsPerSubmit: 1 } : {});

/** What a job says of its rows, its sums and its validations. */
const drawn = ({ order, dataSeed, numericClass, validation }: Job) => ({
  ...(order === undefined ? {} : { order }),
  ...(numericClass === undefined ? {} : { numericClass }),
  ...(dataSeed === undefined ? {} : { dataSeed }),
  ...(validation ? { validation } : {}),
});

async function raced(backend: Backend, job: Job, data: Dataset): Promise<Contest> {
  const { model, loss, batch, seeds } = job;
  const steps = stepsOf(job, data);
  const made = job.entries.map((entry) => entryOf(entry, steps));
  const entries = Object.fromEntries(made.map(({ entry, chain }) => [entry.name, chain]));
  const of = race(backend, { data, model, loss, batch, steps, seeds, entries, ...drawn(job), ...paceOf(backend) });
  await of.ready();
  const listed = made.map(({ entry }) => entry);
  const described = { model, loss, batch, steps, start: 0, seeds, entries: listed, recipe: await of.recipe() };
  return {
    facts: factsOf(data, described),
    loss,
    async *metrics() {
      for await (const { step, loss: table } of of) yield { step, loss: table.flat() };
    },
    evaluate: (split) => of.evaluate(split),
    save: () => Promise.reject(new Error("race: has no single checkpoint, expected a training of one run")),
    profile: () => Promise.reject(new Error("race: is not profiled, expected a training of one run")),
    close: () => of.close(),
  };
}

async function trained(backend: Backend, job: Job, data: Dataset): Promise<Contest> {
  const bytes = job.resume === undefined ? undefined : fromBase64(job.resume);
  const made = bytes ? resumed(job, decodeCheckpoint(bytes)) : fresh(job, stepsOf(job, data));
  const { model, loss, batch, steps, seed } = made;
  const of = bytes
    ? load(backend, bytes, { data, steps, ...paceOf(backend) })
    : train(backend, {
        data,
        model,
        loss,
        batch,
        steps,
        seed,
        optimizer: made.chain,
        ...drawn(job),
        ...paceOf(backend),
      });
  const recipe = await of.recipe();
  const described = { model, loss, batch, steps, start: made.start, seeds: [seed], entries: [made.entry], recipe };
  return {
    facts: factsOf(data, described),
    loss,
    async *metrics() {
      for await (const { step, loss: value } of of) yield { step, loss: [value] };
    },
    evaluate: async (split) => [{ evaluation: await of.evaluate(split), diverged: undefined }],
    save: () => of.save(),
    profile: () => profileBeside(backend, of),
    close: () => of.close(),
  };
}

function fresh(job: Job, steps: number) {
  const { model, loss, batch } = job;
  const made = entryOf(job.entries[0] as EntrySpec, steps);
  return { model, loss, batch, steps, start: 0, seed: job.seeds[0] as number, ...made };
}

/** What a checkpoint says of itself; the job adds steps at most. */
function resumed(job: Job, checkpoint: { step: number; recipe: unknown }) {
  const { model, loss, batch, steps, runs } = checkpoint.recipe as Recipe;
  const [run] = runs as [Recipe["runs"][number]];
  const made = entryOf({ name: "resumed", optimizer: run.optimizer }, steps);
  return { model, loss, batch, steps: job.steps ?? steps, start: checkpoint.step, seed: run.init, ...made };
}

/** Compiles and uploads a job's runs. Rejects with what cannot run. */
export const contest = (backend: Backend, job: Job, data: Dataset): Promise<Contest> =>
  job.kind === "train" ? trained(backend, job, data) : raced(backend, job, data);
