// A training that is saved now and then while it runs, and at its end, however it comes.
import { checkInteger, checkKeys, checkNumber, fail } from "../core/check.ts";
import type { CheckpointStore } from "./checkpoints.ts";
import type { Metrics } from "./training.ts";

export interface AutosaveOptions {
  /** What the checkpoint is called in the store. */
  readonly name: string;
  /** Steps between saves, or else seconds (30). */
  readonly everySteps?: number;
  readonly everySeconds?: number;
  /** Called with an error of saving, such as no room, and the training goes on; without it the error ends the iteration. */
  readonly failed?: (error: Error) => void;
}

/** A training, here or in a worker. */
export interface Saved extends AsyncIterable<Metrics> {
  save(): Promise<Uint8Array<ArrayBuffer>>;
  lastCheckpoint(): Promise<Uint8Array<ArrayBuffer>>;
}

const keys: readonly (keyof AutosaveOptions)[] = ["name", "everySteps", "everySeconds", "failed"];

/** Saves one at a time beside the training, and remembers what went wrong. */
class Saver {
  readonly #store: Pick<CheckpointStore, "save">;
  readonly #options: AutosaveOptions;
  #busy: Promise<void> | undefined;
  #error: Error | undefined;

  constructor(store: Pick<CheckpointStore, "save">, options: AutosaveOptions) {
    this.#store = store;
    this.#options = options;
  }

  get busy(): boolean {
    return this.#busy !== undefined;
  }

  start(checkpoint: Uint8Array<ArrayBuffer>): void {
    const { name, failed } = this.#options;
    this.#busy = this.#store
      .save(name, checkpoint)
      .catch((error: Error) => {
        if (failed) failed(error);
        else this.#error ??= error;
      })
      .finally(() => {
        this.#busy = undefined;
      });
  }

  async settled(): Promise<void> {
    await this.#busy;
  }

  check(): void {
    if (this.#error) throw this.#error;
  }
}

/** What can be had of a training that broke off: its state, or without its device the last snapshot. */
async function remains(run: Saved): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return run.save().catch(() => run.lastCheckpoint().catch(() => undefined));
}

/**
 * Iterates a training and keeps its checkpoint in a store: every so many steps or seconds, at the end, when the loop is left, and
 * when an error (an abort, a lost device) ends it. `load(backend, (await store.load(name)).checkpoint, { data })` goes on bit for bit
 * from wherever the last save was.
 */
export async function* autosave(
  run: Saved,
  store: Pick<CheckpointStore, "save">,
  options: AutosaveOptions,
): AsyncGenerator<Metrics> {
  checkKeys("autosave", options, keys);
  const { everySteps, everySeconds = 30 } = options;
  if (everySteps !== undefined && options.everySeconds !== undefined) {
    fail("autosave", "everySteps and everySeconds are both given", "leave one of them out");
  }
  if (everySteps !== undefined) checkInteger("autosave", "everySteps", everySteps, { min: 1 });
  checkNumber("autosave", "everySeconds", everySeconds, { above: 0 });
  const saver = new Saver(store, options);
  let last: { step: number; time: number } | undefined;
  let broken = false;
  try {
    for await (const metrics of run) {
      last ??= { step: metrics.step, time: performance.now() };
      yield metrics;
      saver.check();
      const steps = metrics.step + 1 - last.step;
      const due = everySteps ? steps >= everySteps : performance.now() - last.time >= 1000 * everySeconds;
      if (!due || saver.busy) continue;
      saver.start(await run.save());
      last = { step: metrics.step + 1, time: performance.now() };
    }
  } catch (error) {
    broken = true;
    await saver.settled();
    const kept = await remains(run);
    if (kept) saver.start(kept);
    throw error;
  } finally {
    await saver.settled();
    if (!broken) {
      saver.start(await run.save());
      await saver.settled();
      saver.check();
    }
  }
}
