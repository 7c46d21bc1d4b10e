// A training that outlives its page: a checkpoint in IndexedDB every few seconds, offered when the page is opened again.
import { effect, signal } from "@preact/signals";
import { decodeCheckpoint } from "../../train/checkpoint.ts";
import { engine } from "../engine.ts";
import { readQuery, writeQuery } from "./hash.ts";
import { OWN } from "./sets.ts";
import { change, history, type Phase, phase, settings, startWith } from "./store.ts";

const SPACING = 10_000;
/** Larger ones are for a file. */
const MOST_BYTES = 64 * 2 ** 20;
const [DATABASE, STORE, KEY] = ["fall-line", "trainings", "last"];

export interface Left {
  /** The settings as an address has them. */
  readonly query: string;
  readonly step: number;
  readonly steps: number;
  readonly checkpoint: Uint8Array;
}

/** The training that was left, until it is taken up or forgotten. */
export const left = signal<Left | undefined>(undefined);

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  return (await done(opening)).transaction(STORE, mode).objectStore(STORE);
}

/** Numbers from storage are read field by field, as those of a link are. */
function readLeft(found: unknown): Left | undefined {
  if (typeof found !== "object" || found === null) return undefined;
  const { query, step, steps, checkpoint } = found as Record<string, unknown>;
  const good = typeof query === "string" && Number.isInteger(step) && Number.isInteger(steps);
  if (!good || !(checkpoint instanceof Uint8Array)) return undefined;
  return { query, step: step as number, steps: steps as number, checkpoint };
}

/** Saves the training as it is; nothing where there is no storage, as in a private window. */
async function save(): Promise<void> {
  const run = history.value;
  if (!run || run.steps === 0 || settings.value.data === OWN) return;
  const query = writeQuery(settings.value);
  const checkpoint = await engine.checkpoint();
  if (checkpoint.length > MOST_BYTES || history.value !== run || phase.value === "finished") return;
  // Its own step: the page may not have heard of the last ones yet.
  const { step } = decodeCheckpoint(checkpoint);
  await done((await store("readwrite")).put({ query, step, steps: run.made.job.steps, checkpoint }, KEY));
  document.documentElement.dataset.saved = String(step);
}

export async function forget(): Promise<void> {
  left.value = undefined;
  await done((await store("readwrite")).delete(KEY));
}

/** Takes the training up where it was left: its settings, its numbers, and on. */
export function takeUp(): void {
  const from = left.value;
  if (!from) return;
  left.value = undefined;
  change(readQuery(from.query, false).settings);
  startWith({ checkpoint: from.checkpoint }, from.step);
}

/** Offers what was left, and saves from now on; called once. Resolves when it is known what was left. */
export function keepTrainings(): Promise<void> {
  const ignore = (): void => {};
  const looked = store("readonly")
    .then((of) => done(of.get(KEY)))
    .then((found) => {
      if (phase.value === "ready") left.value = readLeft(found);
    })
    .catch(ignore);
  let timer: ReturnType<typeof setInterval> | undefined;
  let before: Phase = "ready";
  effect(() => {
    const now = phase.value;
    clearInterval(timer);
    if (now === "running") timer = setInterval(() => void save().catch(ignore), SPACING);
    if (now === "paused" && before === "running") void save().catch(ignore);
    if (now === "preparing") left.value = undefined;
    // An end and a reset leave nothing to go on with.
    if (now === "finished" || (now === "ready" && before !== "ready")) void forget().catch(ignore);
    before = now;
  });
  return looked;
}
