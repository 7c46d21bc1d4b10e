// A thread's end of the line to its worker: calls that reject when the worker breaks or is closed, and data sets sent once.
import { type Remote, wrap } from "comlink";
import { fail, FallLineError } from "../core/check.ts";
import type { Dataset } from "../data/dataset.ts";
import { unpackError } from "./errors.ts";
import type { Host, Reply } from "./protocol.ts";

/** Milliseconds a worker has to free the device before it is ended anyway. */
const GRACE = 1000;

export class Line {
  readonly #worker: Worker;
  /** Kept as long as the line: comlink ends a worker's side when its proxy is collected. */
  readonly #host: Remote<Host>;
  readonly #pending = new Set<(error: Error) => void>();
  #gone: Error | undefined;
  #numbers = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.#host = wrap<Host>(worker);
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      const why = event.message || "it could not be loaded";
      this.#end(new FallLineError("worker", `broke (${why})`, "open a new backend"));
    });
    worker.addEventListener("messageerror", () => {
      this.#end(new FallLineError("worker", "a message could not be read", "open a new backend"));
    });
  }

  /** A number for a piece of work. */
  number(): number {
    return this.#numbers++;
  }

  /** Sends a call at once; rejects with the worker's own error, or when the worker is gone. */
  ask<T>(call: (host: Remote<Host>) => Promise<Reply<T>>): Promise<T> {
    if (this.#gone) return Promise.reject(this.#gone);
    return new Promise<T>((resolve, reject) => {
      this.#pending.add(reject);
      call(this.#host)
        .then((reply) => ("error" in reply ? reject(unpackError(reply.error)) : resolve(reply.value)), reject)
        .finally(() => this.#pending.delete(reject));
    });
  }

  /** Frees the device and ends the worker; what is under way rejects. */
  close(): void {
    if (this.#gone) return;
    const freed = Promise.resolve(this.#host.close());
    const late = new Promise((resolve) => setTimeout(resolve, GRACE));
    void Promise.race([freed, late]).finally(() => this.#worker.terminate());
    this.#end(new FallLineError("worker", "the backend is closed", "open a new one"));
  }

  #end(why: Error): void {
    this.#gone ??= why;
    for (const reject of this.#pending) reject(this.#gone);
    this.#pending.clear();
  }
}

/** Which data sets the worker holds: those of open work, and the last one, so that the next training need not send it again. */
export class Shelf {
  readonly #line: Line;
  /** Users by hash. */
  readonly #users = new Map<string, number>();
  #last: string | undefined;

  constructor(line: Line) {
    this.#line = line;
  }

  /** The data set's name in the worker; a copy is sent if it holds none. Give it back when the work ends. */
  take(data: Dataset): string {
    const { hash } = data;
    const users = this.#users.get(hash);
    // The work that names it says what went wrong.
    if (users === undefined) void this.#line.ask((host) => host.keep(data)).catch(() => {});
    this.#users.set(hash, (users ?? 0) + 1);
    this.#last = hash;
    this.#sweep();
    return hash;
  }

  giveBack(hash: string): void {
    this.#users.set(hash, (this.#users.get(hash) ?? 1) - 1);
    this.#sweep();
  }

  #sweep(): void {
    for (const [hash, users] of this.#users) {
      if (users > 0 || hash === this.#last) continue;
      this.#users.delete(hash);
      void this.#line.ask((host) => host.drop(hash)).catch(() => {});
    }
  }
}

/** Throws for a function anywhere in what is to be sent, naming its place. */
export function checkPlain(where: string, value: unknown, path: string): void {
  if (typeof value === "function" || typeof value === "symbol") {
    fail(
      where,
      `${path} is a ${typeof value}, which cannot go to a worker`,
      "give plain data, or open the backend without worker",
    );
  }
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  for (const [key, inner] of Object.entries(value)) checkPlain(where, inner, `${path}.${key}`);
}
