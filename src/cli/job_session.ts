// The sessions of fall-line/node: the command's engine, its recipes as objects, its results as values.
import type { Values } from "./args.ts";
import type { Answered } from "./ask.ts";
import type { Services } from "./chrome.ts";
import { ChromeEngine, type Engine, openChrome, openNode } from "./engine.ts";
import { raceFlags, trainFlags } from "./flags.ts";
import type { Job } from "./job.ts";
import type { JobOptions, Recipe, Session, SessionOptions } from "./node.ts";
import { type Collected, recipeOf, resultOf } from "./outcome.ts";
import { madeNow, resultName } from "./results.ts";
import { checkRecipe, jobOf } from "./settings.ts";
import { questionOf } from "./validate.ts";
import { fromBase64 } from "./wire.ts";
import { fail } from "../core/check.ts";

class JobSession implements Session {
  readonly #root: string;
  readonly #engine: Engine;

  constructor(root: string, engine: Engine) {
    this.#root = root;
    this.#engine = engine;
  }

  get browser(): string {
    return this.#engine.browser;
  }

  async #perform(job: Job, { onProgress, signal }: JobOptions): Promise<Collected> {
    signal?.throwIfAborted();
    const stop = (): void => this.#engine.stop();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      return await this.#engine.run(job, onProgress ? { progress: onProgress } : {});
    } finally {
      signal?.removeEventListener("abort", stop);
      this.#engine.go();
    }
  }

  #resultOf(job: Job, collected: Collected) {
    const about = { name: resultName(job.kind), kind: job.kind, made: madeNow(this.#root, this.browser) };
    return resultOf(collected, { ...about, recipe: recipeOf(job, collected.facts) });
  }

  async train(recipe: Recipe, options: JobOptions = {}) {
    const values: Values = checkRecipe("train", recipe, trainFlags);
    const job = await jobOf("train", {}, values);
    const collected = await this.#perform({ ...job, save: true }, options);
    const { checkpoint } = collected.done ?? {};
    return {
      result: this.#resultOf(job, collected),
      checkpoint: fromBase64(checkpoint ?? fail("train", "has no checkpoint, expected one at its end")),
    };
  }

  async race(recipe: Recipe, options: JobOptions = {}) {
    const job = await jobOf("race", {}, checkRecipe("race", recipe, raceFlags));
    return this.#resultOf(job, await this.#perform(job, options));
  }

  async validate(targets: readonly string[] = [], onRow?: Parameters<Session["validate"]>[1]) {
    const engine = this.#engine;
    if (!(engine instanceof ChromeEngine))
      fail("validate", "the session is of the CPU references", "it compares a GPU with them: open one on WebGPU");
    const rows: Awaited<ReturnType<Session["validate"]>> = [];
    await engine.ask<Answered>(questionOf(targets), (row) => {
      rows.push(row);
      onRow?.(row);
    });
    return rows;
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}

/** Opens a session with the project's services. */
export async function openJobSession(services: Services, options: SessionOptions = {}): Promise<Session> {
  const { backend = "webgpu", headed = false } = options;
  const engine = backend === "cpu" ? openNode(services) : await openChrome(services, { headed });
  return new JobSession(services.root, engine);
}
