import { describe, expect, it } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import { xor } from "../../src/data/index.ts";
import { crossEntropy, linear, tanh } from "../../src/nn/index.ts";
import { adam } from "../../src/optim/index.ts";
import { autosave, type Saved } from "../../src/train/autosave.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/train/checkpoint.ts";
import { CheckpointStore, type Shelf } from "../../src/train/checkpoints.ts";
import { load } from "../../src/train/load.ts";
import { openCheckpoints } from "../../src/train/shelves.ts";
import { type TrainOptions, train } from "../../src/train/train.ts";

/** A shelf in memory with room for so many bytes. */
function shelf(
  room = Number.POSITIVE_INFINITY,
): Shelf & { readonly kept: Map<string, Uint8Array<ArrayBuffer>>; writes: number } {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  let time = 1000;
  const times = new Map<string, number>();
  return {
    ...{ kind: "memory", kept, writes: 0, close() {} },
    async write(key, bytes) {
      this.writes++;
      const used = [...kept.values()].reduce((sum, { length }) => sum + length, 0);
      if (used + bytes.length > room) throw new DOMException("full", "QuotaExceededError");
      kept.set(key, bytes.slice());
      times.set(key, time++);
    },
    read: async (key) => kept.get(key),
    list: async () => [...kept].map(([key, { length }]) => ({ key, bytes: length, savedAt: times.get(key)! })),
    remove: async (key) => void kept.delete(key),
  };
}

const checkpointAt = (step: number): Uint8Array<ArrayBuffer> =>
  encodeCheckpoint({ step, recipe: {}, sections: [{ name: "w", shape: [64], data: new Float32Array(64) }] });

describe("a store of checkpoints", () => {
  it("keeps each name's newest, lists and deletes", async () => {
    const store = new CheckpointStore(shelf());
    expect(await store.list()).toEqual([]);
    const names = ["digits", "a/b @ 50 %", "日本", ".."];
    for (const [i, name] of names.entries()) await store.save(name, checkpointAt(i));
    await store.save("digits", checkpointAt(40));
    expect((await store.list()).map(({ name, step }) => [name, step])).toEqual([
      ["digits", 40],
      ["..", 3],
      ["日本", 2],
      ["a/b @ 50 %", 1],
    ]);
    for (const [i, name] of names.entries()) {
      const { step, checkpoint, damaged } = await store.load(name);
      expect(step).toBe(i === 0 ? 40 : i);
      expect(checkpoint).toEqual(checkpointAt(step));
      expect(damaged).toBeUndefined();
    }
    await store.delete("digits");
    await store.delete("nothing");
    await expect(store.load("digits")).rejects.toThrow('checkpoints: there is none called "digits"; there are ..');
    expect(await store.list()).toHaveLength(3);
  });

  it("keeps two generations, and a save of an earlier step is the newest all the same", async () => {
    const kept = shelf();
    const store = new CheckpointStore(kept);
    for (const step of [10, 20, 30, 5]) await store.save("run", checkpointAt(step));
    expect([...kept.kept.keys()]).toEqual(["run@3@30", "run@4@5"]);
    expect((await store.load("run")).step).toBe(5);
  });

  it("gives the generation before where the newest is damaged, and says what was wrong", async () => {
    const kept = shelf();
    const store = new CheckpointStore(kept);
    await store.save("run", checkpointAt(10));
    await store.save("run", checkpointAt(20));
    kept.kept.get("run@2@20")!.fill(0, 200, 201).fill(7, 100, 101);
    const loaded = await store.load("run");
    expect(loaded.step).toBe(10);
    expect(loaded.damaged).toMatch(/^checkpoint: .*checksum is wrong/);
    kept.kept.set("run@1@10", checkpointAt(10).slice(0, -1));
    await expect(store.load("run")).rejects.toThrow(
      'checkpoints: "run" is damaged in all its generations (checkpoint:',
    );
  });

  it("without room lets the older generation go, never the newest, and says so where that is not enough", async () => {
    const size = checkpointAt(1).length;
    const kept = shelf(2.5 * size);
    const store = new CheckpointStore(kept);
    for (const step of [1, 2, 3, 4]) await store.save("run", checkpointAt(step));
    expect([...kept.kept.keys()]).toEqual(["run@3@3", "run@4@4"]);
    await expect(store.save("other", checkpointAt(9))).rejects.toThrow(
      /^checkpoints: no room for 0\.0 MiB.*; delete others or download it; the last one saved is still there$/,
    );
    expect((await store.load("run")).step).toBe(4);
    await store.delete("run");
    await store.save("other", checkpointAt(9));
  });

  it("takes no broken checkpoint, no strange name, and no other error for a full disk", async () => {
    const kept = shelf();
    const store = new CheckpointStore(kept);
    await expect(store.save("run", checkpointAt(1).slice(0, -1))).rejects.toThrow("checkpoint: ");
    for (const name of ["", "x".repeat(61), "a\0b"]) {
      await expect(store.save(name, checkpointAt(1))).rejects.toThrow("expected 1 to 60 characters");
    }
    expect(kept.writes).toBe(0);
    kept.kept.set("not ours.crswap", new Uint8Array(3));
    kept.kept.set("run@1@5.crswap", new Uint8Array(3));
    expect(await store.list()).toEqual([]);
    kept.write = () => Promise.reject(new Error("disk on fire"));
    await expect(store.save("run", checkpointAt(1))).rejects.toThrow("disk on fire");
  });

  it("is not to be had in Node, which says what to do", async () => {
    await expect(openCheckpoints()).rejects.toThrow(
      "checkpoints: indexeddb is not available here; in Node, write what run.save() gives to a file",
    );
  });
});

const cpu = openCpu();
const data = xor({ count: 100 });
const options: TrainOptions = {
  ...{ data, model: [linear(6), tanh(), linear(2)], loss: crossEntropy(), optimizer: adam({ lr: 0.02 }) },
  ...{ batch: 8, steps: 60, seed: 4, stepsPerSubmit: 4 },
};

async function whole(): Promise<Uint8Array> {
  const run = train(cpu, options);
  await run.finish();
  const bytes = await run.save();
  await run.close();
  return bytes;
}

describe("autosave", () => {
  it("goes on bit for bit from whatever the last save was", async () => {
    const end = await whole();
    const kept = shelf();
    const store = new CheckpointStore(kept);
    const steps: number[] = [];
    const watched = {
      save: async (name: string, bytes: Uint8Array<ArrayBuffer>) => {
        steps.push(decodeCheckpoint(bytes).step);
        const again = load(cpu, bytes, { data });
        await again.finish();
        expect(await again.save()).toEqual(end);
        await again.close();
        await store.save(name, bytes);
      },
    };
    const run = train(cpu, options);
    const seen: number[] = [];
    for await (const { step } of autosave(run, watched, { name: "xor", everySteps: 15 })) seen.push(step);
    await run.close();
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => i));
    expect(steps.length).toBeGreaterThanOrEqual(2);
    expect(steps.at(-1)).toBe(60);
    expect((await store.load("xor")).checkpoint).toEqual(end);
  });

  it("saves where the loop is left, and where an abort ends it; what is resumed ends the same", async () => {
    const end = await whole();
    for (const way of ["break", "abort"]) {
      const store = new CheckpointStore(shelf());
      const aborting = new AbortController();
      const run = train(cpu, { ...options, signal: aborting.signal });
      const looping = async () => {
        for await (const { step } of autosave(run, store, { name: "xor" })) {
          if (step < 21) continue;
          if (way === "break") break;
          aborting.abort(new Error("enough"));
        }
      };
      if (way === "break") await looping();
      else await expect(looping()).rejects.toThrow("enough");
      await run.close();
      const { step, checkpoint } = await store.load("xor");
      expect(step).toBeGreaterThan(21);
      expect(step).toBeLessThan(60);
      const again = load(cpu, checkpoint, { data });
      const seen: number[] = [];
      for await (const metrics of again) seen.push(metrics.step);
      expect(seen[0]).toBe(step);
      expect(await again.save()).toEqual(end);
      await again.close();
    }
  });

  it("keeps the last snapshot where the state cannot be had any more", async () => {
    const last = checkpointAt(12);
    const lost: Saved = {
      async *[Symbol.asyncIterator]() {
        yield { step: 0, loss: 1, accuracy: 0 };
        throw new Error("the device was lost");
      },
      save: () => Promise.reject(new Error("the device was lost")),
      lastCheckpoint: () => Promise.resolve(last),
    };
    const store = new CheckpointStore(shelf());
    const looping = async () => {
      for await (const _ of autosave(lost, store, { name: "lost" }));
    };
    await expect(looping()).rejects.toThrow("the device was lost");
    expect((await store.load("lost")).step).toBe(12);
  });

  it("saves by the clock", async () => {
    const saved: number[] = [];
    const store = {
      save: async (_: string, bytes: Uint8Array<ArrayBuffer>) => void saved.push(decodeCheckpoint(bytes).step),
    };
    const run = train(cpu, options);
    for await (const _ of autosave(run, store, { name: "xor", everySeconds: 1e-9 }))
      await new Promise((go) => setTimeout(go));
    await run.close();
    expect(saved.length).toBeGreaterThan(2);
  });

  it("an error of saving ends the loop, or is told and the training goes on", async () => {
    const store = { save: () => Promise.reject(new Error("no room")) };
    const first = train(cpu, options);
    const looping = async () => {
      for await (const _ of autosave(first, store, { name: "xor", everySteps: 1 }));
    };
    await expect(looping()).rejects.toThrow("no room");
    expect(first.step).toBeLessThan(60);
    await first.close();
    const told: string[] = [];
    const second = train(cpu, options);
    const failed = ({ message }: Error) => void told.push(message);
    for await (const _ of autosave(second, store, { name: "xor", everySteps: 20, failed }));
    expect(second.step).toBe(60);
    expect(told.length).toBeGreaterThanOrEqual(2);
    await second.close();
  });

  it.each([
    ["autosave: everySteps and everySeconds are both given", { everySteps: 1, everySeconds: 1 }],
    ["autosave: everySteps is 0", { everySteps: 0 }],
    ["autosave: everySeconds is 0, expected a finite number > 0", { everySeconds: 0 }],
    ['autosave: unknown option "every"', { every: 3 }],
  ])("refuses: %s", async (message, change) => {
    const run = { ...({} as Saved) };
    const store = new CheckpointStore(shelf());
    await expect(autosave(run, store, { name: "xor", ...change }).next()).rejects.toThrow(message);
  });
});
