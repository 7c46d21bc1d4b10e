// The page's end of the training worker. Its proxy lives as long as the page: a call whose proxy is collected never ends.
import { proxy, type Remote, wrap } from "comlink";
import type { Job, Opened, Outcome, Progress, Trainer } from "../worker/protocol.ts";

export class Client {
  readonly #worker: Worker;
  readonly #trainer: Remote<Trainer>;
  /** Rejects when the worker itself breaks. */
  readonly #broken: Promise<never>;

  constructor() {
    // On one line of code, as bundlers want it.
    this.#worker = new Worker(new URL("../worker/worker.ts", import.meta.url), { type: "module" });
    this.#trainer = wrap<Trainer>(this.#worker);
    this.#broken = new Promise((_, reject) => {
      this.#worker.addEventListener("error", ({ message }) => {
        reject(new Error(`the training worker broke: ${message || "it could not be loaded"}; load the page again`));
      });
    });
    this.#broken.catch(() => {});
  }

  #call<T>(answer: Promise<T>): Promise<T> {
    return Promise.race([answer, this.#broken]);
  }

  open(): Promise<Opened> {
    return this.#call(this.#trainer.open());
  }

  start(job: Job, report: (progress: Progress) => void): Promise<Outcome> {
    return this.#call(this.#trainer.start(job, proxy(report)));
  }

  pause(): Promise<void> {
    return this.#call(this.#trainer.pause());
  }

  resume(): Promise<void> {
    return this.#call(this.#trainer.resume());
  }

  step(): Promise<void> {
    return this.#call(this.#trainer.step());
  }

  stop(): Promise<void> {
    return this.#call(this.#trainer.stop());
  }
}
