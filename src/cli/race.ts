// fall-line race and fall-line train.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeCheckpoint } from "../train/checkpoint.ts";
import type { Recipe } from "../train/recipe.ts";
import { type RaceResult, textTable } from "../report/index.ts";
import { noPositionals, type Parsed, type Values, written } from "./args.ts";
import type { Services } from "./chrome.ts";
import { exitCodes, UsageError } from "./errors.ts";
import { findLrVerb } from "./find_lr.ts";
import { raceFlags, trainFlags } from "./flags.ts";
import type { Job } from "./job.ts";
import { profileText } from "./profile.ts";
import { engineOf, folderOf, writeFileSafely, writeResult } from "./results.ts";
import { inSession, type Performed, type Session, say, trainedLine } from "./session.ts";
import { differs, jobOf, readConfig } from "./settings.ts";
import { toBase64 } from "./wire.ts";

/** Whether the winner missed the target: an accuracy to reach, or a loss to go below. */
function missed({ winner, metricName }: RaceResult, target: unknown): string | undefined {
  if (target === undefined) return undefined;
  const score = metricName ? winner?.test.accuracy : winner?.test.loss;
  const met = score !== undefined && (metricName ? score >= Number(target) : score <= Number(target));
  return met
    ? undefined
    : `target missed: test ${metricName ?? "loss"} is ${score ?? "not known"}, expected ${metricName ? "at least" : "at most"} ${String(target)}`;
}

/** Tells people on stderr, writes the folder and the JSON; the exit code. */
function deliver(
  { result, profile, stopped, error }: Performed,
  { values, config, folder }: { values: Values; config: Values; folder: string | undefined },
): number {
  process.stderr.write(`${textTable(result)}\n`);
  say(trainedLine(result));
  if (profile) say(profileText(profile));
  const note = differs(config, result.recipe);
  if (note) say(note);
  if (folder) {
    writeResult(folder, result);
    if (profile) writeFileSafely(join(folder, "profile.json"), `${JSON.stringify(profile, null, 1)}\n`);
    say(
      `${stopped ? "stopped early; what was measured is in" : "result in"} ${folder}: report.html, result.jsonl, curves.csv, runs.csv, recipe.json${profile ? ", profile.json" : ""}`,
    );
  }
  if (values.json) process.stdout.write(`${JSON.stringify(profile ? { ...result, profile } : result)}\n`);
  if (error) {
    say(`fall-line: ${error.message}`);
    return error.code;
  }
  const why = stopped ? undefined : missed(result, values.target);
  if (why) say(`fall-line: ${why}`);
  return why ? exitCodes.failed : exitCodes.fine;
}

const configOf = ({ config }: Values, verb: "race" | "train"): Values =>
  config === undefined ? {} : readConfig(config as string, verb, verb === "race" ? raceFlags : trainFlags);

async function performed(session: Session, name: string, job: Job): Promise<Performed | undefined> {
  const done = await session.perform(name, job);
  if (done.result.at.length > 0) return done;
  say("stopped before the first step: there is nothing to keep");
  return undefined;
}

/** Entries x seeds in one population; the winner by validation rows, and its test score read once. */
export async function raceVerb(parsed: Parsed, services: Services): Promise<number> {
  noPositionals("race", parsed);
  const { values } = parsed;
  const config = configOf(values, "race");
  const job = await jobOf("race", values, config);
  const { name, folder } = folderOf(values, "race");
  return inSession(services, engineOf(values, config), async (session) => {
    const done = await performed(session, name, job);
    return done ? deliver(done, { values, config, folder }) : exitCodes.fine;
  });
}

/** Flags that a checkpoint answers itself. */
const IN_CHECKPOINT: readonly string[] = [
  ...[
    "model",
    "loss",
    "optimizer",
    "lr",
    "schedule",
    "seed",
    "dataSeed",
    "order",
    "numericClass",
    "batch",
    "epochs",
    "config",
  ],
  ...["validateEvery", "monitor", "patience", "minDelta", "keepBest"],
];

/** The job that goes on from a checkpoint; the data are the ones it names unless --data says otherwise. */
async function resumedJob(path: string, values: Values): Promise<Job> {
  const given = IN_CHECKPOINT.find((name) => values[name] !== undefined);
  if (given) throw new UsageError(`${written({ name: given })}: is in the checkpoint ${path}; leave it out`, "train");
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new UsageError(
      `--resume: ${path} cannot be read (${error instanceof Error ? error.message : error})`,
      "train",
    );
  }
  const { step, recipe } = decodeCheckpoint(bytes) as { step: number; recipe: Recipe };
  const [run] = recipe.runs;
  const steps = (values.steps as number | undefined) ?? recipe.steps;
  if (step >= steps)
    throw new UsageError(`--resume: ${path} is at step ${step} of ${steps}; give more --steps`, "train");
  const small = recipe.data.name === "digits14";
  const data = values.data ?? (small ? "digits size 14" : recipe.data.name);
  const job = await jobOf("train", { ...values, data, steps, batch: recipe.batch });
  const { model, loss } = recipe;
  return {
    ...{ ...job, model, loss, seeds: [run?.init ?? 0], resume: toBase64(bytes) },
    entries: run ? [{ name: "resumed", optimizer: run.optimizer }] : job.entries,
  };
}

/** One run, with a checkpoint if asked for. */
export async function trainVerb(parsed: Parsed, services: Services): Promise<number> {
  noPositionals("train", parsed);
  const { values } = parsed;
  const { save, resume } = values as { save?: string; resume?: string };
  const config = configOf(values, "train");
  if (values.findLr) return findLrVerb(parsed, services, config);
  const job = resume === undefined ? await jobOf("train", values, config) : await resumedJob(resume, values);
  if (job.seeds.length > 1 || job.entries.length > 1)
    throw new UsageError("train: the recipe has several runs; use fall-line race", "train");
  const { name, folder } = folderOf(values, "train");
  return inSession(services, engineOf(values, config), async (session) => {
    const done = await performed(session, name, { ...job, save: save !== undefined, profile: values.profile === true });
    if (!done) return exitCodes.fine;
    if (save !== undefined && done.checkpoint) {
      writeFileSafely(save, done.checkpoint);
      say(`checkpoint in ${save}: go on with fall-line train --resume ${save} --steps N`);
    }
    return deliver(done, { values, config, folder });
  });
}
