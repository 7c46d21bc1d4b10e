// From a job's messages to the result that reports are made of; and the winner, chosen on validation rows only.
import { type RaceResult, type RunResult, summarise } from "../report/index.ts";
import type { Done, Facts, Job, Point } from "./job.ts";

/** What no message of a job tells. */
export type Made = RaceResult["made"];

export interface Collected {
  readonly facts: Facts;
  readonly points: readonly Point[];
  /** Missing where the page broke down: the curves are then all there is. */
  readonly done: Done | undefined;
}

const UNKNOWN = { validation: { loss: Number.NaN } } as const;

function entriesOf({ facts, points, done }: Collected): RaceResult["entries"] {
  const width = facts.seeds.length;
  return facts.entries.map((entry, i) => ({
    ...entry,
    runs: facts.seeds.map((seed, j): RunResult => {
      const run = i * width + j;
      const loss = points.map((point) => point.loss[run] as number);
      return { seed, loss, ...(done?.runs[run] ?? UNKNOWN) };
    }),
  }));
}

export interface About {
  readonly name: string;
  readonly kind: Job["kind"];
  readonly recipe: unknown;
  readonly made: Omit<Made, "adapter" | "software" | "numericClass">;
}

/** A job's result. One that was stopped counts the steps it did. */
export function resultOf(collected: Collected, { name, kind, recipe, made }: About): RaceResult {
  const { facts, points, done } = collected;
  const { adapter, data, model, parameters, batch, seeds, lossName, metricName, numericClass, recipeHash } = facts;
  const steps = done?.step ?? points.at(-1)?.step ?? 0;
  const { total = 0, training = 0 } = done?.seconds ?? {};
  const own = steps - facts.start;
  return {
    schema: 1,
    name,
    kind,
    made: { ...made, adapter: adapter.description, software: adapter.software, numericClass },
    ...{ recipe, recipeHash, data, model, parameters, batch, steps, seeds, lossName, metricName },
    at: points.map(({ step }) => step),
    entries: entriesOf(collected),
    ...(done?.lossHash === undefined ? {} : { lossHash: done.lossHash }),
    winner: done?.winner,
    seconds: {
      total,
      training,
      stepsPerSecond: training > 0 ? own / training : 0,
      runSteps: own * seeds.length * facts.entries.length,
    },
  };
}

/** As the flags are named. */
const validationFields = ({ every, ...rest }: NonNullable<Job["validation"]> = {}) =>
  every === undefined ? rest : { validateEvery: every, ...rest };

/** The recipe.json of a result: `fall-line VERB --config recipe.json` runs it again. */
export function recipeOf(
  { kind, data, model, loss, entries, seeds, batch, order, dataSeed, numericClass, validation }: Job,
  { steps, recipeHash, data: { hash } }: Facts,
): unknown {
  const named = Object.fromEntries(entries.map(({ name, optimizer }) => [name, optimizer]));
  const drawn = {
    ...(order && { order }),
    ...(dataSeed !== undefined && { dataSeed }),
    ...(numericClass && { numericClass }),
    ...validationFields(validation),
  };
  return {
    command: kind,
    data,
    model,
    loss,
    entries: named,
    seeds,
    batch,
    ...drawn,
    steps,
    recipeHash,
    dataHash: hash,
  };
}

const NOBODY = { version: "", commit: "", date: "", browser: "" };

export interface Chosen {
  readonly entry: string;
  readonly seed: number;
  /** The run's place: entry by entry, seed by seed. */
  readonly run: number;
  readonly chosenBy: string;
}

/** The entry of rank 1 and its best seed, as the report ranks; undefined where it diverged. Reads no test row. */
export function choose(facts: Facts, done: Done): Chosen | undefined {
  const about = { name: "", kind: "race", recipe: undefined, made: NOBODY } as const;
  const { standings, metric } = summarise(resultOf({ facts, points: [], done }, about));
  const best = standings[0];
  if (best?.score === undefined) return undefined;
  const sign = metric === "accuracy" ? -1 : 1;
  const cost = best.scores.map((score) => (score === undefined ? Number.POSITIVE_INFINITY : sign * score));
  const at = cost.indexOf(Math.min(...cost));
  const index = facts.entries.findIndex(({ name }) => name === best.entry.name);
  const several = facts.seeds.length > 1;
  const words =
    facts.entries.length > 1
      ? `the best ${several ? "median " : ""}validation ${metric}`
      : "default: it is the only entry";
  const chosenBy = several ? `${words}, then that entry's best seed` : words;
  return { entry: best.entry.name, seed: facts.seeds[at] as number, run: index * facts.seeds.length + at, chosenBy };
}
