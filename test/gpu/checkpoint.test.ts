import { describe, expect, it } from "vitest";
import { standardize } from "../../src/data/index.ts";
import { linear, tanh } from "../../src/nn/index.ts";
import { scheduleFreeSgd } from "../../src/optim/index.ts";
import type { Optimizer } from "../../src/optim/chain.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/train/checkpoint.ts";
import { load } from "../../src/train/load.ts";
import { loadModel } from "../../src/train/model.ts";
import type { Training } from "../../src/train/training.ts";
import { type TrainOptions, train } from "../../src/train/train.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";
import { counting } from "./support/counting.ts";
import { chains, glyphs, tasks } from "./support/tasks.ts";

expectNoUncapturedErrors();

const STEPS = 60;

const optionsOf = (optimizer: Optimizer): TrainOptions => ({
  ...tasks.relu(),
  optimizer,
  batch: 16,
  steps: STEPS,
  seed: 5,
  dataSeed: 6,
});

/** A training paused after exactly n steps. */
async function pausedAfter(n: number, options: TrainOptions): Promise<Training> {
  const run = train(await sharedBackend(), options);
  run.pause();
  for (let i = 0; i < n; i++) expect((await run.single())?.step).toBe(i);
  return run;
}

async function finished(run: Training): Promise<Uint8Array> {
  await run.finish();
  const bytes = await run.save();
  await run.close();
  return bytes;
}

const whole = async (options: TrainOptions): Promise<Uint8Array> => finished(train(await sharedBackend(), options));

async function savedAfter(n: number, options: TrainOptions): Promise<Uint8Array<ArrayBuffer>> {
  const run = await pausedAfter(n, options);
  const bytes = await run.save();
  await run.close();
  return bytes;
}

describe.each(["adam", "adamw", "cut", "nesterov"] as const)("%s", (name) => {
  it("goes on bit for bit after 1, 7 and 33 steps, whatever the steps a submit", async () => {
    const options = optionsOf(chains[name]);
    const { data } = options;
    const end = await whole(options);
    for (const n of [1, 7, 33]) {
      const bytes = await savedAfter(n, options);
      expect(decodeCheckpoint(bytes).step).toBe(n);
      for (const stepsPerSubmit of [16, 5]) {
        const again = load(await sharedBackend(), bytes, { data, stepsPerSubmit });
        expect(await finished(again), `${n} steps, then ${stepsPerSubmit} a submit`).toEqual(end);
      }
    }
  });
});

it("a checkpoint taken while the training runs on goes on as well", async () => {
  const options = optionsOf(chains.adam);
  const run = train(await sharedBackend(), options);
  let bytes: Uint8Array | undefined;
  for await (const { step } of run) if (step === 20) bytes = await run.save();
  const end = await run.save();
  await run.close();
  expect(decodeCheckpoint(bytes!).step).toBeGreaterThan(20);
  expect(await finished(load(await sharedBackend(), bytes!, { data: options.data }))).toEqual(end);
});

it("every tensor is saved at its logical size, under its name", async () => {
  const bytes = await savedAfter(1, optionsOf(chains.adam));
  const all = decodeCheckpoint(bytes).sections;
  expect(all.filter(({ name }) => name.startsWith("data/")).map(({ name }) => name)).toEqual([
    "data/scale",
    "data/shift",
  ]);
  const sections = all.filter(({ name }) => !name.startsWith("data/"));
  const names = ["", "state0/", "state1/"].flatMap((kind) =>
    [1, 3, 5].flatMap((i) => [`run0/${kind}layer${i}.w`, `run0/${kind}layer${i}.b`]),
  );
  expect(sections.map(({ name }) => name).sort()).toEqual(names.sort());
  expect(sections.find(({ name }) => name === "run0/layer1.w")?.shape).toEqual([21, 18]);
  expect(sections.every(({ data }) => data.some((value) => value !== 0))).toBe(true);
});

describe("loadModel", () => {
  it.each(["relu", "residual", "sigmoid"] as const)(
    "%s predicts what the training did, without its data",
    async (name) => {
      const backend = await sharedBackend();
      const given = tasks[name]();
      const data = name === "residual" ? standardize(given.data) : given.data;
      const options = { ...given, data, optimizer: chains.adam, batch: 16, steps: 20, seed: 5 };
      const run = train(backend, options);
      await run.finish();
      const bytes = await run.save();
      const x = data.x.slice(0, 9 * data.features);
      const want = await run.predict(x);
      const parameters = await run.parameters();
      await run.close();
      const model = await loadModel(backend, bytes);
      expect(model).toMatchObject({ shape: data.shape, classes: data.classes, step: 20 });
      const got = await model.predict(x);
      expect(got.values).toEqual(want.values);
      expect(got.top(3)).toEqual(want.top(3));
      expect(await model.parameters()).toEqual(parameters);
      model.close();
    },
  );

  it("gives the view that an average is evaluated at", async () => {
    const backend = await sharedBackend();
    const run = train(backend, { ...tasks.relu(), optimizer: scheduleFreeSgd({ lr: 0.5 }), batch: 16, steps: 20 });
    await run.finish();
    const x = glyphs().x.slice(0, 5 * 21);
    const want = await run.predict(x);
    const model = await loadModel(backend, await run.save());
    expect((await model.predict(x)).values).toEqual(want.values);
    model.close();
    await run.close();
  });

  it("refuses a broken checkpoint, and one that says nothing of its data", async () => {
    const backend = await sharedBackend();
    const bytes = await savedAfter(1, optionsOf(chains.adam));
    await expect(loadModel(backend, bytes.subarray(1))).rejects.toThrow("checkpoint: ");
    const { data: _, ...old } = decodeCheckpoint(bytes);
    await expect(loadModel(backend, encodeCheckpoint(old))).rejects.toThrow(
      "loadModel: the checkpoint says nothing of its data",
    );
  });
});

/** The bytes with one bit changed. */
function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const result = bytes.slice();
  result[at] = (result[at] as number) ^ 0x10;
  return result;
}

describe("a broken checkpoint is refused whole", () => {
  const refused = async (bytes: Uint8Array, message: RegExp, given: Partial<TrainOptions> = {}) => {
    const backend = await sharedBackend();
    const { counts } = await counting(async () => {
      const loading = async () => load(backend, bytes, { data: glyphs(), ...given }).save();
      await expect(loading()).rejects.toThrow(message);
    });
    expect(counts.destroyed).toBe(counts.buffers);
    return counts;
  };

  it("a flipped byte in any section, by the section's name", async () => {
    const bytes = await savedAfter(3, optionsOf(chains.adamw));
    const { sections } = decodeCheckpoint(bytes);
    let end = bytes.length;
    for (const { name, data } of sections.toReversed()) {
      const message = new RegExp(`section ${name}: the checksum is wrong`);
      for (const at of [end - 1, end - Math.ceil(data.byteLength / 2), end - data.byteLength]) {
        expect((await refused(flipped(bytes, at), message)).buffers).toBe(0);
      }
      end -= data.byteLength;
    }
  });

  it("a flipped byte anywhere in the header", async () => {
    const bytes = await savedAfter(3, optionsOf(chains.adamw));
    const body = 16 + new DataView(bytes.buffer).getUint32(8, true);
    for (let at = 0; at < body; at++)
      expect(() => decodeCheckpoint(flipped(bytes, at)), `byte ${at}`).toThrow(/^checkpoint: /);
    await refused(flipped(bytes, 0), /does not begin as a Fall Line checkpoint/);
    await refused(flipped(bytes, 12), /the header's checksum is wrong/);
    await refused(flipped(bytes, 40), /the header's checksum is wrong/);
  });

  it("a file cut short, or with something after its end", async () => {
    const bytes = await savedAfter(3, optionsOf(chains.adamw));
    for (const length of [0, 3, 15, 16, 200, bytes.length - 4, bytes.length - 1]) {
      expect((await refused(bytes.subarray(0, length), /^checkpoint: .*; load an older one$/)).buffers).toBe(0);
    }
    await refused(Uint8Array.from([...bytes, 0]), /its header says/);
  });

  it("another version", async () => {
    const bytes = await savedAfter(3, optionsOf(chains.adamw));
    new DataView(bytes.buffer).setUint32(4, 2, true);
    expect((await refused(bytes, /version 2, this library reads 1/)).buffers).toBe(0);
  });

  it("other data", async () => {
    const bytes = await savedAfter(3, optionsOf(chains.adamw));
    const other = glyphs({ count: 95 });
    expect(
      (await refused(bytes, /made with data glyphs [0-9a-f]{16}, this is glyphs [0-9a-f]{16}/, { data: other }))
        .buffers,
    ).toBe(0);
  });

  it("another model, another chain", async () => {
    const bytes = await savedAfter(3, optionsOf(chains.nesterov));
    await refused(bytes, /has no section run0\/layer2/, { model: [tanh(), linear(5)] });
    await refused(bytes, /run0\/layer1.w has 378 numbers, expected 105/, { model: [linear(5)] });
    await refused(bytes, /has no section run0\/state1\//, { optimizer: chains.adam });
  });

  it("a section that is not of its shape", async () => {
    const checkpoint = decodeCheckpoint(await savedAfter(3, optionsOf(chains.adamw)));
    const sections = checkpoint.sections.map((section, i) => (i === 2 ? { ...section, shape: [1, 1] } : section));
    await refused(encodeCheckpoint({ ...checkpoint, sections }), /section \S+: \d+ bytes for shape \[1, 1\]/);
  });
});
