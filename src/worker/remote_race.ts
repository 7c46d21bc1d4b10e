// A race in a worker, as its caller sees it.
import { fail } from "../core/check.ts";
import type { Race, RaceMetrics, RaceOptions } from "../train/race.ts";
import type { Reader } from "./reader.ts";

export class RemoteRace implements Race {
  readonly entries: readonly string[];
  readonly seeds: readonly number[];
  readonly #reader: Reader<RaceMetrics>;
  readonly #closed: () => void;

  constructor(reader: Reader<RaceMetrics>, { entries, seeds }: RaceOptions, closed: () => void) {
    this.entries = Object.keys(entries);
    this.seeds = seeds;
    this.#reader = reader;
    this.#closed = closed;
  }

  get step(): number {
    return this.#reader.step;
  }

  ready = (): Promise<void> => this.#reader.call("ready");

  [Symbol.asyncIterator](): AsyncGenerator<RaceMetrics> {
    return this.#reader.rows();
  }

  async finish(): Promise<void> {
    for await (const _ of this);
  }

  pause(): void {
    this.#reader.call("pause").catch(() => {});
  }

  resume(): void {
    this.#reader.call("resume").catch(() => {});
  }

  evaluate: Race["evaluate"] = (split) => this.#reader.call("evaluate", split);
  recipe: Race["recipe"] = () => this.#reader.call("recipe");

  population: Race["population"] = async () =>
    fail("race", "population() is in the worker", "open the backend without worker to look at it");

  async close(): Promise<void> {
    this.#closed();
    await this.#reader.end();
  }
}
