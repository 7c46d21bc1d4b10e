// The page's end of the training worker. Its proxy lives as long as the page: a call whose proxy is collected never ends.
import { signal } from "@preact/signals";
import { proxy, type Remote, wrap } from "comlink";
import { unless } from "../core/unless.ts";
import type { Dataset } from "../data/index.ts";
import type {
  DataSpec,
  Job,
  Opened,
  Outcome,
  OwnFiles,
  Prepared,
  Progress,
  Trainer,
  Watched,
} from "./trainer/protocol.ts";
import workerAddress from "./trainer/worker.ts?worker&url";
import { startWorker } from "./trusted.ts";

/** What the worker trains on; undefined while it looks. */
export const opened = signal<Opened | undefined>(undefined);

let worker: Worker | undefined;
let trainer: Remote<Trainer> | undefined;
/** Rejects when the worker itself breaks. */
let broken: Promise<never> = new Promise(() => {});

function remote(): Remote<Trainer> {
  if (trainer) return trainer;
  const made = startWorker(workerAddress);
  worker = made;
  broken = new Promise((_, reject) => {
    made.addEventListener("error", ({ message }) => {
      reject(new Error(`the training worker broke: ${message || "it could not be loaded"}; load the page again`));
    });
  });
  broken.catch(() => {});
  trainer = wrap<Trainer>(worker);
  return trainer;
}

const call = <T>(ask: (of: Remote<Trainer>) => Promise<T>): Promise<T> => unless(ask(remote()), broken);

/** The digits lie beside the page, and a worker cannot know where that is. */
export const withSource = (data: DataSpec): DataSpec =>
  "own" in data || data.name !== "digits" ? data : { ...data, source: new URL("digits.bin", document.baseURI).href };

export const engine = {
  /** Opens WebGPU or, where there is none, the CPU; again after the device was lost. */
  async open(): Promise<Opened> {
    const told = await call((of) => of.open());
    opened.value = told;
    return told;
  },
  start: (job: Job, report: (progress: Progress) => void, prepared: (told: Prepared) => void): Promise<Outcome> =>
    call((of) => of.start({ ...job, data: withSource(job.data) }, proxy(report), proxy(prepared))),
  pause: () => call((of) => of.pause()),
  resume: () => call((of) => of.resume()),
  step: () => call((of) => of.step()),
  stop: () => call((of) => of.stop()),
  watch: (watched: Watched) => call((of) => of.watch(watched)),
  read: (files: OwnFiles): Promise<Dataset> => call((of) => of.read(files)),
  predict: (x: Uint8Array | Float32Array) => call((of) => of.predict(x)),
  plan: () => call((of) => of.plan()),
  profile: () => call((of) => of.profile()),
  checkpoint: () => call((of) => of.checkpoint()),
  parameters: () => call((of) => of.parameters()),
  rescue: () => call((of) => of.rescue()),
};
