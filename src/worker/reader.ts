// The reader of work in a worker: asks for chunks and hands out their rows, one after the other.
import type { Remote } from "comlink";
import type { Validated } from "../train/validation.ts";
import { unpackError } from "./errors.ts";
import type { Line } from "./line.ts";
import type { Chunk, Host, Reply, Work } from "./protocol.ts";
import { unpackRows } from "./rows.ts";
import type { Single } from "./task.ts";

export class Reader<Row> {
  readonly #line: Line;
  readonly #id: number;
  readonly #begun: Promise<unknown>;
  readonly #signal: AbortSignal | undefined;
  readonly #rows: Row[] = [];
  #pulling: Promise<void> | undefined;
  #ended = false;
  #error: Error | undefined;
  #step = 0;
  #validation: Validated | undefined;

  /** `work` may throw; everything asked of the reader then rejects. */
  constructor(line: Line, work: () => Work, signal?: AbortSignal) {
    this.#line = line;
    this.#id = line.number();
    this.#signal = signal;
    this.#begun = Promise.resolve().then(() => {
      const made = work();
      return line.ask((host) => host.begin(this.#id, made));
    });
    this.#begun.catch(() => {});
  }

  /** Steps whose metrics have arrived here. */
  get step(): number {
    return this.#step;
  }

  /** Of a validated training, as far as it has been heard of here. */
  get validation(): Validated | undefined {
    return this.#validation;
  }

  async #ask<T>(call: (host: Remote<Host>) => Promise<Reply<unknown>>): Promise<T> {
    await this.#begun;
    return this.#line.ask(call as (host: Remote<Host>) => Promise<Reply<T>>);
  }

  call<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    return this.#ask((host) => host.call(this.#id, method, args));
  }

  /** One row of paused work. */
  async single(): Promise<Row | undefined> {
    const waiting = this.#rows.shift();
    if (waiting) return waiting;
    const { row, ...heard } = await this.call<Single<Row>>("single");
    this.#hear(heard);
    if (row) this.#rows.push(row);
    return this.#rows.shift();
  }

  #hear({ step, validation }: Pick<Chunk, "step" | "validation">): void {
    this.#step = step;
    if (validation) this.#validation = validation;
  }

  #pull(): Promise<void> {
    this.#pulling ??= this.#ask<Chunk>((host) => host.next(this.#id))
      .then(({ rows, ended, error, ...heard }) => {
        this.#hear(heard);
        this.#rows.push(...unpackRows<Row>(rows));
        this.#ended = ended;
        if (error) this.#error = unpackError(error);
      })
      .finally(() => {
        this.#pulling = undefined;
      });
    return this.#pulling;
  }

  /** The next chunk, or the abort. */
  async #chunk(): Promise<void> {
    const signal = this.#signal;
    if (!signal) return this.#pull();
    let stop: (() => void) | undefined;
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason);
      signal.addEventListener("abort", stop, { once: true });
    });
    const pull = this.#pull();
    pull.catch(() => {});
    try {
      await Promise.race([pull, aborted]);
    } finally {
      if (stop) signal.removeEventListener("abort", stop);
    }
  }

  /** Every row to the end, the abort or the first error. */
  async *rows(): AsyncGenerator<Row> {
    for (;;) {
      for (let next = this.#rows.shift(); next; next = this.#rows.shift()) yield next;
      if (this.#error) throw this.#error;
      if (this.#ended) return;
      this.#signal?.throwIfAborted();
      await this.#chunk();
    }
  }

  async end(): Promise<void> {
    await this.#ask((host) => host.end(this.#id));
  }
}
