// Rows on their way out of the worker: gathered into chunks, at most 20 a second, each when it is asked for.
import { packError } from "./errors.ts";
import type { Chunk } from "./protocol.ts";
import { packRows } from "./rows.ts";

/** Milliseconds between chunks. */
export const SPACING = 50;

/** Lets messages in. */
export const breathe = (milliseconds = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class Outbox {
  readonly #rows: object[] = [];
  #end: { readonly error?: unknown } | undefined;
  #sentAt = Number.NEGATIVE_INFINITY;
  /** Wakes whoever waits for a row or the end; and whoever waits to be asked. */
  #arrived: (() => void) | undefined;
  #asked: (() => void) | undefined;
  #waiting = 0;

  push(row: object): void {
    this.#rows.push(row);
    this.#arrived?.();
  }

  /** A row in its place by step. */
  insert(row: object & { readonly step?: number }): void {
    const later = (this.#rows as { readonly step?: number }[]).findIndex(({ step = 0 }) => step > (row.step ?? 0));
    this.#rows.splice(later < 0 ? this.#rows.length : later, 0, row);
  }

  /** No row comes after it. */
  end(end: { readonly error?: unknown } = {}): void {
    this.#end ??= end;
    this.#arrived?.();
  }

  /** Takes back the oldest row that has not gone out. */
  shift(): object | undefined {
    return this.#rows.shift();
  }

  /** Resolves at once unless a chunk is due that nobody has asked for. */
  async room(): Promise<void> {
    while (this.#waiting === 0 && this.#rows.length > 0 && this.#wait() === 0 && !this.#end) {
      await new Promise<void>((resolve) => {
        this.#asked = resolve;
      });
    }
  }

  /** Milliseconds until a chunk may go out. */
  #wait(): number {
    return Math.max(0, SPACING - (performance.now() - this.#sentAt));
  }

  /** The next chunk; what it says of the work is read when it goes out. */
  async next(told: () => Pick<Chunk, "step" | "validation">): Promise<Chunk> {
    this.#waiting++;
    this.#asked?.();
    try {
      while (!this.#end && this.#rows.length === 0) {
        await new Promise<void>((resolve) => {
          this.#arrived = resolve;
        });
      }
      for (let wait = this.#wait(); wait > 0; wait = this.#wait()) await breathe(wait);
      const error = this.#end && "error" in this.#end ? { error: packError(this.#end.error) } : {};
      this.#sentAt = performance.now();
      return { rows: packRows(this.#rows.splice(0)), ...told(), ended: this.#end !== undefined, ...error };
    } finally {
      this.#waiting--;
    }
  }
}
