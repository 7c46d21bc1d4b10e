// Checkpoints kept by name, two generations of each: a save never touches the last good one. Where they lie is a shelf's business.
import { fail } from "../core/check.ts";
import { decodeCheckpoint } from "./checkpoint.ts";

/** Bytes by key. A write is all or nothing. */
export interface Shelf {
  readonly kind: string;
  write(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  read(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  list(): Promise<readonly { readonly key: string; readonly bytes: number; readonly savedAt: number }[]>;
  remove(key: string): Promise<void>;
  close(): void;
}

/** The newest checkpoint of a name. */
export interface StoredCheckpoint {
  readonly name: string;
  readonly step: number;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}

export interface LoadedCheckpoint {
  readonly name: string;
  readonly step: number;
  /** For load(). */
  readonly checkpoint: Uint8Array<ArrayBuffer>;
  /** Where the newest was damaged and this is the one before: what was wrong with it. */
  readonly damaged: string | undefined;
}

interface Place extends StoredCheckpoint {
  readonly key: string;
  /** Counts the saves of a name. */
  readonly generation: number;
}

/** Of each name. */
const GENERATIONS = 2;
const NAME_LENGTH = 60;

/** The name is escaped, "@" too, so that these parts can be told apart and the key is a file's name anywhere. */
const keyOf = (name: string, generation: number, step: number): string =>
  `${encodeURIComponent(name)}@${generation}@${step}`;

function checkName(name: string): void {
  if (typeof name === "string" && name.length > 0 && name.length <= NAME_LENGTH && !name.includes("\0")) return;
  fail("checkpoints", `the name is ${JSON.stringify(name)}, expected 1 to ${NAME_LENGTH} characters`);
}

const isFull = (error: unknown): boolean => error instanceof Error && error.name === "QuotaExceededError";

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** What the browser says of its room, where it says anything. */
async function room(): Promise<string> {
  const said = await globalThis.navigator?.storage?.estimate?.().catch(() => undefined);
  return said?.quota === undefined ? "" : ` (${megabytes(said.usage ?? 0)} of ${megabytes(said.quota)} are used)`;
}

export class CheckpointStore {
  readonly #shelf: Shelf;
  #asked = false;

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /** "opfs" or "indexeddb". */
  get kind(): string {
    return this.#shelf.kind;
  }

  /** All generations, the newest of each name first. */
  async #places(): Promise<Place[]> {
    const places = (await this.#shelf.list()).flatMap(({ key, bytes, savedAt }): Place[] => {
      const [, name = "", generation, step] = /^([^@]+)@(\d+)@(\d+)$/.exec(key) ?? [];
      if (step === undefined) return [];
      const numbers = { generation: Number(generation), step: Number(step) };
      return [{ key, name: decodeURIComponent(name), ...numbers, bytes, savedAt }];
    });
    return places.sort((a, b) => b.generation - a.generation);
  }

  /**
   * Keeps what run.save() gave under a name, beside the one kept before, which goes only at the next save. Rejects for bytes that
   * are no whole checkpoint, and where the browser has no room, after the older generation has made way.
   */
  async save(name: string, checkpoint: Uint8Array<ArrayBuffer>): Promise<void> {
    checkName(name);
    const { step } = decodeCheckpoint(checkpoint);
    if (!this.#asked) {
      this.#asked = true;
      // Asks not to be evicted; some browsers ask the user, which must not hold up a save.
      void globalThis.navigator?.storage?.persist?.().catch(() => {});
    }
    const before = (await this.#places()).filter((place) => place.name === name);
    const key = keyOf(name, (before[0]?.generation ?? 0) + 1, step);
    const spare = before.slice(GENERATIONS - 1);
    try {
      await this.#shelf.write(key, checkpoint);
    } catch (error) {
      if (!isFull(error)) throw error;
      await this.#retry(key, checkpoint, spare);
    }
    for (const place of spare) await this.#shelf.remove(place.key);
  }

  /** Without the older generations there may be room. */
  async #retry(key: string, checkpoint: Uint8Array<ArrayBuffer>, spare: readonly Place[]): Promise<void> {
    for (const place of spare) await this.#shelf.remove(place.key);
    try {
      await this.#shelf.write(key, checkpoint);
    } catch (error) {
      if (!isFull(error)) throw error;
      const what = `no room for ${megabytes(checkpoint.length)}${await room()}`;
      fail("checkpoints", what, "delete others or download it; the last one saved is still there");
    }
  }

  /** The newest checkpoint of every name, the last saved first. */
  async list(): Promise<StoredCheckpoint[]> {
    const newest = new Map<string, StoredCheckpoint>();
    for (const { name, step, bytes, savedAt } of await this.#places()) {
      if (!newest.has(name)) newest.set(name, { name, step, bytes, savedAt });
    }
    return [...newest.values()].sort((a, b) => b.savedAt - a.savedAt);
  }

  /** The newest checkpoint of a name that is whole. Rejects where there is none. */
  async load(name: string): Promise<LoadedCheckpoint> {
    const places = (await this.#places()).filter((place) => place.name === name);
    if (places.length === 0) {
      const names = (await this.list()).map((known) => known.name);
      fail(
        "checkpoints",
        `there is none called "${name}"`,
        names.length > 0 ? `there are ${names.join(", ")}` : "none is saved",
      );
    }
    let damaged: string | undefined;
    for (const { key } of places) {
      const checkpoint = await this.#shelf.read(key);
      try {
        const { step } = decodeCheckpoint(checkpoint ?? new Uint8Array(0));
        return { name, step, checkpoint: checkpoint as Uint8Array<ArrayBuffer>, damaged };
      } catch (error) {
        damaged ??= error instanceof Error ? error.message : String(error);
      }
    }
    return fail("checkpoints", `"${name}" is damaged in all its generations (${damaged})`, "delete it");
  }

  /** Deletes a name with all its generations; nothing if there is none. */
  async delete(name: string): Promise<void> {
    for (const place of await this.#places()) if (place.name === name) await this.#shelf.remove(place.key);
  }

  close(): void {
    this.#shelf.close();
  }
}
