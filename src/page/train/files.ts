// What a training can be taken away as, and what it can be given back: each file made when it is asked for.
import { makeData } from "../../cli/data.ts";
import { fail } from "../../core/check.ts";
import { canonical } from "../../core/hash.ts";
import type { Dataset } from "../../data/index.ts";
import { tenLines } from "../../export/code.ts";
import { pytorchScript } from "../../export/pytorch.ts";
import { dataSafetensors } from "../../export/rows.ts";
import { fromSafetensors, startOfSeed, toSafetensors } from "../../export/weights.ts";
import type { TrainingRecord } from "../../report/record.ts";
import { decodeCheckpoint } from "../../train/checkpoint.ts";
import type { Recipe } from "../../train/recipe.ts";
import { engine, opened, withSource } from "../engine.ts";
import type { DataSpec } from "../trainer/protocol.ts";
import type { History } from "./history.ts";
import { type Made, recipeJson } from "./recipe.ts";

/** A file larger than this is not opened: no network of this page is as large. */
export const MOST_BYTES = 256 * 2 ** 20;

const elements = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** The numbers of a run with where they come from. */
export function recordOf(run: History): TrainingRecord {
  const { made, loss, accuracy, seconds, validations, outcome, prepared, steps, lossHash } = run;
  const { test } = outcome ?? {};
  return {
    recipe: recipeJson(made),
    recipeHash: prepared?.recipeHash,
    dataHash: prepared?.dataHash,
    lossHash,
    adapter: opened.value?.adapter.description ?? "",
    loss: loss.raw.subarray(0, steps),
    accuracy: accuracy.raw.subarray(0, steps),
    seconds: seconds.subarray(0, steps),
    validations,
    ...(test ? { test: { step: steps, loss: test.loss, accuracy: test.accuracy } } : {}),
  };
}

/** recipe.json, with the fingerprints that a rerun is compared with where there are any. */
export const recipeFile = (made: Made, run: History | undefined): string => {
  const { recipeHash, dataHash } = run?.prepared ?? {};
  return `${JSON.stringify({ ...recipeJson(made), ...(recipeHash ? { recipeHash, dataHash } : {}) }, null, 2)}\n`;
};

const nameOf = (data: DataSpec): string => ("own" in data ? data.own.name : data.name);

/** The ten lines; one's own data are named where the library's sets would stand. */
export function codeOf({ job }: Made): string {
  const { data } = job;
  const own = "own" in data;
  const code = tenLines({ ...job, data: own ? { name: "dataset" } : { name: data.name, options: data.options } });
  return own
    ? code.replace("dataset()", `dataset({ x, y })`).replace(/^/, `// x and y: the rows of ${nameOf(data)}\n`)
    : code;
}

export const scriptOf = ({ job, facts }: Made, run: History | undefined): string =>
  pytorchScript({
    ...job,
    features: elements(facts.shape),
    labels: facts.labels,
    weighted: facts.data?.weights !== undefined,
    data: nameOf(job.data),
    ...(run?.prepared ? { recipeHash: run.prepared.recipeHash } : {}),
  });

/** The data here: the worker holds its own. */
const dataHere = async ({ job, facts }: Made): Promise<Dataset> => {
  if (facts.data) return facts.data;
  const spec = withSource(job.data);
  return "own" in spec ? spec.own : makeData(spec, spec.source);
};

export const dataFile = async (made: Made): Promise<Uint8Array<ArrayBuffer>> =>
  dataSafetensors(await dataHere(made), made.job);

const about = ({ job, facts }: Made) => ({ model: job.model, features: elements(facts.shape) });

export const startFile = (made: Made): Uint8Array<ArrayBuffer> =>
  toSafetensors(startOfSeed(made.job.model, elements(made.facts.shape), made.job.seed), about(made));

/** The weights as they are now in the worker, with the recipe and the step. */
export async function weightsFile(run: History): Promise<Uint8Array<ArrayBuffer>> {
  const { made, steps } = run;
  const told = { step: String(steps), recipe: canonical(recipeJson(made)) };
  return toSafetensors(await engine.parameters(), { ...about(made), about: told });
}

export type Given =
  | { readonly kind: "weights"; readonly weights: ReadonlyMap<string, Float32Array> }
  | { readonly kind: "checkpoint"; readonly checkpoint: Uint8Array; readonly step: number };

const isCheckpoint = (bytes: Uint8Array): boolean => new TextDecoder().decode(bytes.subarray(0, 4)) === "FALL";

/** A checkpoint of the same recipe, but for its length. */
function checkpointOf(bytes: Uint8Array, { job }: Made): Given {
  const { step, recipe } = decodeCheckpoint(bytes) as { step: number; recipe: Recipe };
  const { model, loss, batch, runs } = recipe;
  const [run] = runs;
  if (!run || runs.length > 1) fail("checkpoint", `it holds ${runs.length} runs, expected one`);
  const theirs = { model, loss, batch, optimizer: run.optimizer, seed: run.init };
  const { model: own, loss: against, batch: rows, optimizer, seed } = job;
  const ours = { model: own, loss: against, batch: rows, optimizer, seed };
  for (const name of Object.keys(ours) as (keyof typeof ours)[]) {
    if (canonical(theirs[name]) !== canonical(ours[name])) {
      fail("checkpoint", `its ${name} is not that of these settings`, "open the address it was made at first");
    }
  }
  if (step >= job.steps) fail("checkpoint", `it is at step ${step} of ${job.steps}`, "set more steps");
  return { kind: "checkpoint", checkpoint: bytes, step };
}

/** What a file gives the settings' network: a checkpoint, or weights by PyTorch's names. Throws in words, naming the tensor. */
export function readGiven(bytes: Uint8Array, made: Made): Given {
  if (bytes.length > MOST_BYTES) fail("file", `${bytes.length} bytes, expected at most ${MOST_BYTES}`);
  if (isCheckpoint(bytes)) return checkpointOf(bytes, made);
  return { kind: "weights", weights: fromSafetensors(bytes, about(made)) };
}
