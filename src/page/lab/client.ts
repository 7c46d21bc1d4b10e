// The page's end of the laboratory worker, which starts with the first view that needs it and lives as long as the page.
import { proxy, type Remote, wrap } from "comlink";
import { unless } from "../../core/unless.ts";
import { startWorker } from "../trusted.ts";
import type { Lab } from "./protocol.ts";
import workerAddress from "./worker.ts?worker&url";

let remote: Remote<Lab> | undefined;
/** Rejects when the worker itself breaks. */
let broken: Promise<never> = new Promise(() => {});

function opened(): Remote<Lab> {
  if (remote) return remote;
  const worker = startWorker(workerAddress);
  broken = new Promise((_, reject) => {
    worker.addEventListener("error", ({ message }) => {
      reject(new Error(`the worker broke: ${message || "it could not be loaded"}; load the page again`));
    });
  });
  broken.catch(() => {});
  remote = wrap<Lab>(worker);
  return remote;
}

const call = <T>(ask: (of: Remote<Lab>) => Promise<T>): Promise<T> => unless(ask(opened()), broken);

export const lab: Lab = {
  race: (job, source, tell) => call((of) => of.race(job, source, proxy(tell))),
  trails: (job) => call((of) => of.trails(job)),
  validate: (kernels, extent, tell) => call((of) => of.validate(kernels, proxy(extent), proxy(tell))),
  pause: () => void call((of) => of.pause()),
  resume: () => void call((of) => of.resume()),
  stop: () => call((of) => of.stop()),
};
