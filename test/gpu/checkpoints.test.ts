import { afterEach, describe, expect, it } from "vitest";
import { autosave } from "../../src/train/autosave.ts";
import { decodeCheckpoint } from "../../src/train/checkpoint.ts";
import type { CheckpointStore } from "../../src/train/checkpoints.ts";
import { load } from "../../src/train/load.ts";
import { openCheckpoints } from "../../src/train/shelves.ts";
import type { Training } from "../../src/train/training.ts";
import { type TrainOptions, train } from "../../src/train/train.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";
import { chains, tasks } from "./support/tasks.ts";

expectNoUncapturedErrors();

const options: TrainOptions = { ...tasks.relu(), optimizer: chains.adamw, batch: 16, steps: 60, seed: 5 };
const { data } = options;

async function finished(run: Training): Promise<Uint8Array> {
  await run.finish();
  const bytes = await run.save();
  await run.close();
  return bytes;
}

const folder = "fall-line-test";

async function folderHandle(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(folder, { create: true });
}

/** What lies under the keys, as any program would find it. */
const raw = {
  opfs: {
    async keys(): Promise<string[]> {
      const keys: string[] = [];
      for await (const key of (await folderHandle()).keys()) keys.push(key);
      return keys.sort();
    },
    async damage(key: string): Promise<void> {
      const file = await (await folderHandle()).getFileHandle(key);
      const stream = await file.createWritable({ keepExistingData: true });
      await stream.write({ type: "write", position: 300, data: new Uint8Array([1, 2, 3, 4]) });
      await stream.close();
    },
  },
  indexeddb: {
    table(change: "readonly" | "readwrite"): Promise<{ table: IDBObjectStore; close: () => void }> {
      return new Promise((resolve, reject) => {
        const request = indexedDB.open(folder);
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const table = request.result.transaction("checkpoints", change).objectStore("checkpoints");
          resolve({ table, close: () => request.result.close() });
        };
      });
    },
    async keys(): Promise<string[]> {
      const { table, close } = await this.table("readonly");
      const keys = await new Promise<IDBValidKey[]>((resolve) => {
        const request = table.getAllKeys();
        request.onsuccess = () => resolve(request.result);
      });
      close();
      return keys.map(String).sort();
    },
    async damage(key: string): Promise<void> {
      const { table, close } = await this.table("readwrite");
      await new Promise<void>((resolve) => {
        const request = table.get(key);
        request.onsuccess = () => {
          request.result.bytes[300] ^= 16;
          table.put(request.result, key).onsuccess = () => resolve();
        };
      });
      close();
    },
  },
};

describe.each(["opfs", "indexeddb"] as const)("checkpoints in %s", (kind) => {
  let open: CheckpointStore | undefined;
  const store = async (): Promise<CheckpointStore> => {
    open?.close();
    open = await openCheckpoints({ kind, folder });
    return open;
  };

  afterEach(async () => {
    for (const { name } of (await open?.list()) ?? []) await open?.delete(name);
    open?.close();
    open = undefined;
  });

  it("go on bit for bit, from a store opened anew", async () => {
    const end = await finished(train(await sharedBackend(), options));
    const first = await store();
    expect(first.kind).toBe(kind);
    const run = train(await sharedBackend(), options);
    const begun = Date.now();
    for await (const { step } of autosave(run, first, { name: "relu", everySteps: 12 })) if (step === 40) break;
    await run.close();
    const again = await store();
    const [listed, ...others] = await again.list();
    expect(others).toEqual([]);
    expect(listed).toMatchObject({ name: "relu" });
    // A file's time may be rounded to a millisecond or two.
    expect(listed!.savedAt).toBeGreaterThanOrEqual(begun - 2);
    const { step, checkpoint, damaged } = await again.load("relu");
    expect([step, checkpoint.length, damaged]).toEqual([listed!.step, listed!.bytes, undefined]);
    expect(step).toBeGreaterThan(40);
    expect(await finished(load(await sharedBackend(), checkpoint, { data }))).toEqual(end);
  });

  it("two generations, the one before where the newest is damaged; deleted whole", async () => {
    const of = await store();
    const run = train(await sharedBackend(), options);
    run.pause();
    const saved: Uint8Array<ArrayBuffer>[] = [];
    for (let i = 0; i < 3; i++) {
      await run.single();
      saved.push(await run.save());
      await of.save("a run: 1/2", saved[i]!);
    }
    await run.close();
    const keys = await raw[kind].keys();
    expect(keys).toEqual(["a%20run%3A%201%2F2@2@2", "a%20run%3A%201%2F2@3@3"]);
    expect((await of.load("a run: 1/2")).checkpoint).toEqual(saved[2]);
    await raw[kind].damage(keys[1]!);
    const loaded = await of.load("a run: 1/2");
    expect(loaded.checkpoint).toEqual(saved[1]);
    expect(loaded.damaged).toContain("checksum is wrong");
    await of.delete("a run: 1/2");
    expect(await raw[kind].keys()).toEqual([]);
    await expect(of.load("a run: 1/2")).rejects.toThrow("none is saved");
  });
});

describe("files", () => {
  const create = FileSystemFileHandle.prototype.createWritable;
  afterEach(async () => {
    FileSystemFileHandle.prototype.createWritable = create;
    const store = await openCheckpoints({ kind: "opfs", folder });
    for (const { name } of await store.list()) await store.delete(name);
  });

  const bytes = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const run = train(await sharedBackend(), options);
    run.pause();
    await run.single();
    const saved = await run.save();
    await run.close();
    return saved;
  };

  it("are what a browser that can write them gets, and a full disk is said with its room", async () => {
    const store = await openCheckpoints({ folder });
    expect(store.kind).toBe("opfs");
    const checkpoint = await bytes();
    await store.save("relu", checkpoint);
    let tries = 0;
    FileSystemFileHandle.prototype.createWritable = async function (...options) {
      const stream = await create.apply(this, options);
      stream.write = () => {
        tries++;
        return Promise.reject(new DOMException("full", "QuotaExceededError"));
      };
      return stream;
    };
    await expect(store.save("relu", checkpoint)).rejects.toThrow(
      /^checkpoints: no room for 0\.0 MiB \([\d.]+ MiB of [\d.]+ MiB are used\); delete others or download it/,
    );
    expect(tries).toBe(2);
    FileSystemFileHandle.prototype.createWritable = create;
    expect((await store.list()).map(({ name, step }) => [name, step])).toEqual([["relu", 1]]);
    expect((await store.load("relu")).checkpoint).toEqual(checkpoint);
  });

  it("of a write that was cut off change nothing", async () => {
    const store = await openCheckpoints({ kind: "opfs", folder });
    const checkpoint = await bytes();
    await store.save("relu", checkpoint);
    // As a page that went away in the middle leaves it: made, written to, never closed.
    const file = await (await folderHandle()).getFileHandle("relu@2@9", { create: true });
    const stream = await file.createWritable();
    await stream.write(checkpoint.subarray(0, 500));
    expect((await store.list()).map(({ step }) => step)).toEqual([1]);
    expect((await store.load("relu")).damaged).toBeUndefined();
    await stream.abort();
    await (await folderHandle()).removeEntry("relu@2@9");
  });
});

it("a validated training stops at the same step, keeps the same best and goes on the same, on this device", async () => {
  const validated: TrainOptions = { ...options, steps: 120, validation: { every: 8, patience: 2, keepBest: true } };
  const end = async (run: Training) => {
    await run.finish();
    const found = { ...run.validation, bytes: await run.save() };
    const { validations, best, stopped } = run.validation!;
    await run.close();
    return { bytes: found.bytes, validations, best, stopped };
  };
  const whole = await end(train(await sharedBackend(), validated));
  expect(decodeCheckpoint(whole.bytes).step).toBe(whole.best!.step);
  for (const stepsPerSubmit of [1, 5]) {
    expect(await end(train(await sharedBackend(), { ...validated, stepsPerSubmit }))).toEqual(whole);
  }
  const run = train(await sharedBackend(), validated);
  let saved: Uint8Array<ArrayBuffer> | undefined;
  for await (const { step } of run) {
    if (step === 9) saved = await run.save();
  }
  await run.close();
  expect(await end(load(await sharedBackend(), saved!, { data }))).toEqual(whole);
});
