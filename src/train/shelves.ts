// Where a browser keeps checkpoints: files of the origin's own (OPFS), or IndexedDB where files cannot be written.
import { fail } from "../core/check.ts";
import { CheckpointStore, type Shelf } from "./checkpoints.ts";

/** Files in a folder. A file takes its new content when the stream closes, so a write that is cut off changes nothing. */
class Files implements Shelf {
  readonly kind = "opfs";
  readonly #folder: FileSystemDirectoryHandle;

  constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  async write(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const file = await this.#folder.getFileHandle(key, { create: true });
    try {
      const stream = await file.createWritable();
      try {
        await stream.write(bytes);
      } catch (error) {
        await stream.abort().catch(() => {});
        throw error;
      }
      await stream.close();
    } catch (error) {
      // What was made lies there empty, and may be locked a moment longer: list() passes over it.
      await this.remove(key).catch(() => {});
      throw error;
    }
  }

  async read(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const handle = await this.#folder.getFileHandle(key).catch(() => undefined);
    return handle && new Uint8Array(await (await handle.getFile()).arrayBuffer());
  }

  async list() {
    const found: { key: string; bytes: number; savedAt: number }[] = [];
    for await (const [key, handle] of this.#folder.entries()) {
      if (handle.kind !== "file") continue;
      const { size, lastModified } = await (handle as FileSystemFileHandle).getFile();
      // Empty: made, and never written because the page went away.
      if (size > 0) found.push({ key, bytes: size, savedAt: lastModified });
    }
    return found;
  }

  async remove(key: string): Promise<void> {
    await this.#folder.removeEntry(key).catch((error: Error) => {
      if (error.name !== "NotFoundError") throw error;
    });
  }

  close(): void {}
}

const promised = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

interface Row {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly savedAt: number;
}

const TABLE = "checkpoints";

/** Rows of a database; a transaction is all or nothing. */
class Database implements Shelf {
  readonly kind = "indexeddb";
  readonly #database: IDBDatabase;

  constructor(database: IDBDatabase) {
    this.#database = database;
  }

  async #change(change: (table: IDBObjectStore) => void): Promise<void> {
    const transaction = this.#database.transaction(TABLE, "readwrite", { durability: "strict" });
    change(transaction.objectStore(TABLE));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
  }

  #table(): IDBObjectStore {
    return this.#database.transaction(TABLE).objectStore(TABLE);
  }

  write(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#change((table) => table.put({ bytes, savedAt: Date.now() } satisfies Row, key));
  }

  async read(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return ((await promised(this.#table().get(key))) as Row | undefined)?.bytes;
  }

  async list() {
    const table = this.#table();
    const [keys, rows] = await Promise.all([
      promised(table.getAllKeys()),
      promised(table.getAll() as IDBRequest<Row[]>),
    ]);
    return rows.map(({ bytes, savedAt }, i) => ({ key: String(keys[i]), bytes: bytes.length, savedAt }));
  }

  remove(key: string): Promise<void> {
    return this.#change((table) => table.delete(key));
  }

  close(): void {
    this.#database.close();
  }
}

async function files(folder: string): Promise<Files> {
  const root = await navigator.storage.getDirectory();
  return new Files(await root.getDirectoryHandle(folder, { create: true }));
}

async function database(folder: string): Promise<Database> {
  const request = indexedDB.open(folder, 1);
  request.onupgradeneeded = () => void request.result.createObjectStore(TABLE);
  const opened = await promised(request);
  // Another page that deletes or changes the database is not kept waiting.
  opened.onversionchange = () => opened.close();
  return new Database(opened);
}

const hasFiles = (): boolean =>
  globalThis.navigator?.storage?.getDirectory !== undefined &&
  globalThis.FileSystemFileHandle?.prototype.createWritable !== undefined;

/**
 * The checkpoints that this browser keeps for this origin: in files (OPFS) where it can write them, else in IndexedDB. They are
 * the origin's own, and a browser that runs out of disk may drop them; so download what must last. Rejects where there is neither.
 */
export async function openCheckpoints(
  options: { readonly kind?: "opfs" | "indexeddb"; readonly folder?: string } = {},
): Promise<CheckpointStore> {
  const { kind = hasFiles() ? "opfs" : "indexeddb", folder = "fall-line" } = options;
  const lacking = kind === "opfs" ? !hasFiles() : globalThis.indexedDB === undefined;
  if (lacking) fail("checkpoints", `${kind} is not available here`, "in Node, write what run.save() gives to a file");
  try {
    return new CheckpointStore(await (kind === "opfs" ? files(folder) : database(folder)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail(
      "checkpoints",
      `${kind} cannot be opened (${why})`,
      "private windows may forbid it; download checkpoints instead",
    );
  }
}
