// The same calls in a worker: the same bits, the same errors, few messages, and nothing left when it is closed.
import { afterAll, describe, expect, it } from "vitest";
import { type Backend, DeviceLost } from "../../src/backend/backend.ts";
import { FallLineError } from "../../src/core/check.ts";
import { spirals } from "../../src/data/index.ts";
import { crossEntropy, linear, tanh } from "../../src/nn/index.ts";
import { adam, chain, defineRule, descend, link, type Optimizer, plateau, sgd } from "../../src/optim/index.ts";
import { NonFinite } from "../../src/train/diagnose.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/train/checkpoint.ts";
import { load } from "../../src/train/load.ts";
import { loadModel } from "../../src/train/model.ts";
import { type Race, type RaceMetrics, race } from "../../src/train/race.ts";
import { replay } from "../../src/train/replay.ts";
import type { Metrics, Training } from "../../src/train/training.ts";
import { type TrainOptions, train } from "../../src/train/train.ts";
import { type ValidationRow, validate } from "../../src/validate/validate.ts";
import { openBackend } from "../../src/worker/open.ts";
import { SPACING } from "../../src/worker/outbox.ts";
import { sharedBackend } from "./support/backend.ts";
import { chains, glyphs, tasks } from "./support/tasks.ts";

const opened: Backend[] = [];
afterAll(() => {
  for (const backend of opened) backend.close();
});

async function inWorker(worker: boolean | Worker = true): Promise<Backend> {
  const backend = await openBackend({ worker });
  opened.push(backend);
  return backend;
}

let shared: Promise<Backend> | undefined;
const sharedWorker = (): Promise<Backend> => {
  shared ??= inWorker();
  return shared;
};

const optionsOf = (optimizer: Optimizer, more: Partial<TrainOptions> = {}): TrainOptions => ({
  ...tasks.relu(),
  optimizer,
  batch: 16,
  steps: 60,
  seed: 5,
  dataSeed: 6,
  ...more,
});

async function metricsOf<T>(run: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const metrics of run) all.push(metrics);
  return all;
}

/** All that can be asked of a training at its end. */
async function everything(run: Training) {
  const metrics = await metricsOf(run);
  const x = glyphs().x.subarray(0, 21 * 3) as Uint8Array;
  const prediction = await run.predict(x);
  const found = {
    metrics,
    step: run.step,
    evaluations: [await run.evaluate("validation"), await run.evaluate("test")],
    parameters: await run.parameters(),
    prediction: prediction.values,
    top: prediction.top(1, 2),
    checkpoint: await run.save(),
    last: await run.lastCheckpoint(),
    recipe: await run.recipe(),
    plan: await run.plan(),
  };
  await run.close();
  return found;
}

const rejection = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => expect.fail("was expected to reject"),
    (error: Error) => error,
  );

describe("the same bits in the worker and in this thread", () => {
  it.each(["adam", "adamw", "nesterov"] as const)(
    "%s: metrics, parameters, checkpoint, predictions, recipe",
    async (name) => {
      const here = await everything(train(await sharedBackend(), optionsOf(chains[name])));
      const there = await everything(train(await sharedWorker(), optionsOf(chains[name])));
      expect(there.metrics).toHaveLength(60);
      expect(there).toEqual(here);
    },
  );

  it("schedules that are functions, and those that follow the losses", async () => {
    for (const lr of [(t: number) => 0.1 / (1 + t), plateau(0.1, { patience: 4 })] as never[]) {
      const here = await everything(train(await sharedBackend(), optionsOf(sgd({ lr }))));
      expect(await everything(train(await sharedWorker(), optionsOf(sgd({ lr }))))).toEqual(here);
    }
  });

  it("a validated training: its validations, its best, its early stop", async () => {
    const validation = { every: 7, patience: 2, keepBest: true, minDelta: 0.02 };
    const all = async (run: Training) => {
      const found = await everything(run);
      const { validations, best, stopped } = run.validation ?? {};
      return { ...found, validations, best, stopped };
    };
    const options = optionsOf(chains.adam, { steps: 400, validation });
    const here = await all(train(await sharedBackend(), options));
    expect(here.stopped).toBeLessThan(400);
    expect(await all(train(await sharedWorker(), options))).toEqual(here);
  });

  it("a race: every run of every step, evaluations and recipe", async () => {
    const { optimizer: _, seed: __, dataSeed: ___, ...task } = optionsOf(chains.adam);
    const options = { ...task, entries: { adam: chains.adam, sgd: chains.sgd, cut: chains.cut }, seeds: [1, 2] };
    const all = async (heat: Race) => {
      const found: { metrics: RaceMetrics[]; entries: readonly string[] } & Record<string, unknown> = {
        metrics: await metricsOf(heat),
        entries: heat.entries,
        evaluations: await heat.evaluate("validation"),
        recipe: await heat.recipe(),
        step: heat.step,
      };
      await heat.close();
      return found;
    };
    const heat = race(await sharedWorker(), options);
    await expect(heat.population()).rejects.toThrow(
      "race: population() is in the worker; open the backend without worker",
    );
    const there = await all(heat);
    expect(there.metrics[59]?.loss).toHaveLength(3);
    expect(there).toEqual(await all(race(await sharedBackend(), options)));
  });

  it("a checkpoint's model", async () => {
    const run = train(await sharedBackend(), optionsOf(chains.adam, { steps: 20 }));
    await run.finish();
    const bytes = await run.save();
    await run.close();
    const x = glyphs().x.subarray(0, 21 * 3) as Uint8Array;
    const all = async (backend: Backend) => {
      const model = await loadModel(backend, bytes);
      const { predict: _, parameters: __, close: ___, ...facts } = model;
      const { rows, width, values, top } = await model.predict(x);
      const found = { facts, rows, width, values, top: top(2, 3), parameters: await model.parameters() };
      model.close();
      return { found, model };
    };
    const there = await all(await sharedWorker());
    expect(there.found.facts.step).toBe(20);
    expect(there.found).toEqual((await all(await sharedBackend())).found);
    await expect(there.model.predict(x)).rejects.toThrow("there is no task");
    await expect(loadModel(await sharedWorker(), bytes.subarray(1))).rejects.toThrow("checkpoint: ");
    const { data: _, ...old } = decodeCheckpoint(bytes);
    await expect(loadModel(await sharedWorker(), encodeCheckpoint(old))).rejects.toThrow(
      "loadModel: the checkpoint says nothing of its data; save it anew with this version",
    );
  });

  it("a checkpoint goes on in the other thread", async () => {
    const whole = await everything(train(await sharedBackend(), optionsOf(chains.adam)));
    const half = train(await sharedWorker(), optionsOf(chains.adam));
    half.pause();
    for (let t = 0; t < 20; t++) expect(await half.single()).toEqual(whole.metrics[t]);
    const bytes = await half.save();
    await half.close();
    for (const backend of [await sharedWorker(), await sharedBackend()]) {
      const again = await everything(load(backend, bytes, { data: glyphs() }));
      expect(again.metrics).toEqual(whole.metrics.slice(20));
      expect(again.checkpoint).toEqual(whole.checkpoint);
    }
  });

  it("a replay of a tape, and of a function that stays in its thread", async () => {
    const start = [1, -2, 3];
    const tape = Array.from({ length: 6 }, (_, t) => [t - 2, 0.5, -t]);
    const bowl = (x: readonly number[], { t, run }: { t: number; run: number }) => ({
      value: x.reduce((sum, v) => sum + v * v, t + run),
      gradient: x.map((v) => 2 * v),
    });
    const [here, there] = [await sharedBackend(), await sharedWorker()];
    const optimizers = [adam({ lr: 0.1 }), sgd({ lr: (t: number) => 0.1 / (t + 1) } as never)];
    expect(await replay(there, adam({ lr: 0.1 }), { start, gradients: tape })).toEqual(
      await replay(here, adam({ lr: 0.1 }), { start, gradients: tape }),
    );
    const bowls = { start, gradients: bowl, steps: 5 };
    expect(await replay(there, optimizers, bowls)).toEqual(await replay(here, optimizers, bowls));
    const own = new RangeError("off the map");
    const falling = () => {
      throw own;
    };
    expect(await rejection(replay(there, optimizers, { start, gradients: falling, steps: 2 }))).toBe(own);
  });

  it("validate: the same rows, told as they come", async () => {
    const rows: ValidationRow[] = [];
    const found = await validate(await sharedWorker(), ["softmax", "gather"], { onRow: (row) => rows.push(row) });
    expect(rows).toEqual(found);
    expect(found).toEqual(await validate(await sharedBackend(), ["softmax", "gather"]));
  });
});

describe("messages", () => {
  it("metrics come in transferred chunks, at most 20 a second, and none is lost", async () => {
    const worker = new Worker(new URL("./support/instrumented_worker.ts", import.meta.url), { type: "module" });
    const backend = await inWorker(worker);
    const steps = 1500;
    const run = train(backend, { ...optionsOf(chains.sgd), ...tasks.tanh(), batch: 4, steps });
    await run.recipe();
    let messages = 0;
    const rows: number[] = [];
    worker.addEventListener("message", ({ data }) => {
      messages++;
      const count = data?.value?.value?.rows?.count ?? data?.value?.rows?.count;
      if (count !== undefined) rows.push(count);
    });
    const from = performance.now();
    const metrics = await metricsOf(run);
    const took = performance.now() - from;
    // The reader hears the last message before this test does.
    await new Promise((resolve) => setTimeout(resolve));
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, t) => t));
    expect(messages).toBe(rows.length);
    expect(rows.reduce((sum, count) => sum + count, 0)).toBe(steps);
    expect(messages).toBeGreaterThan(1);
    expect(messages).toBeLessThanOrEqual(1 + took / SPACING);
    await run.close();
  });

  it("a data set crosses once for trainings one after the other", async () => {
    const worker = new Worker(new URL("./support/instrumented_worker.ts", import.meta.url), { type: "module" });
    const backend = await inWorker(worker);
    const sent: unknown[] = [];
    const post = worker.postMessage.bind(worker) as (message: unknown, transfer: Transferable[]) => void;
    worker.postMessage = ((message: { path?: string[] }, transfer: Transferable[]) => {
      if (message.path?.[0] === "keep" || message.path?.[0] === "drop") sent.push(message.path[0]);
      post(message, transfer);
    }) as Worker["postMessage"];
    const [first, second] = [glyphs(), glyphs({ count: 90 })];
    for (const data of [first, first, second, second, first]) {
      const run = train(backend, optionsOf(chains.sgd, { data, steps: 2 }));
      await run.finish();
      await run.close();
    }
    expect(sent).toEqual(["keep", "keep", "drop", "keep", "drop"]);
    expect(first.x.byteLength).toBe(100 * 21);
  });
});

describe("while it runs", () => {
  it("pause, single steps, looks and resume give the steps of a training that was left alone", async () => {
    const steps = 400;
    const whole = await metricsOf(train(await sharedBackend(), optionsOf(chains.adam, { steps })));
    const run = train(await sharedWorker(), optionsOf(chains.adam, { steps }));
    const seen: Metrics[] = [];
    const going = (async () => {
      for await (const metrics of run) {
        seen.push(metrics);
        if (metrics.step !== 7) continue;
        run.pause();
        for (let i = 0; i < 3; i++) seen.push((await run.single()) as Metrics);
        expect((await run.evaluate("validation")).step).toBeGreaterThan(10);
        run.resume();
      }
    })();
    const looks = await Promise.all([run.evaluate("validation"), run.parameters(), run.evaluate("train"), run.save()]);
    await going;
    expect(seen.map(({ step }) => step).toSorted((a, b) => a - b)).toEqual(whole.map(({ step }) => step));
    expect(seen.toSorted((a, b) => a.step - b.step)).toEqual(whole);
    expect(looks[0].step).toBeLessThanOrEqual(looks[2].step);
    await run.close();
  });

  it("an evaluation among the steps is of one set of parameters: those after the steps it names", async () => {
    // More rows than one submit evaluates: 64 batches of 256.
    const data = spirals({ count: 24_000 });
    const model = [linear(4), tanh(), linear(2)];
    const options = { data, model, loss: crossEntropy(), optimizer: chains.adam, batch: 16, steps: 1e5, seed: 3 };
    const run = train(await sharedWorker(), options);
    const iterator = run[Symbol.asyncIterator]();
    await iterator.next();
    const { step, ...found } = await run.evaluate("train");
    const alone = train(await sharedBackend(), { ...options, steps: step });
    await alone.finish();
    expect(await alone.evaluate("train")).toEqual({ step, ...found });
    await Promise.all([run.close(), alone.close()]);
  });

  it("an abort ends the iteration with the signal's own reason; the training can still be looked at", async () => {
    const stop = new AbortController();
    const run = train(await sharedWorker(), optionsOf(chains.adam, { steps: 1e6, signal: stop.signal }));
    const reason = new Error("enough");
    const error = await rejection(
      (async () => {
        for await (const { step } of run) if (step === 3) stop.abort(reason);
      })(),
    );
    expect(error).toBe(reason);
    expect((await run.evaluate("test")).count).toBeGreaterThan(0);
    await run.close();
  });

  it("a reader that stops reading stops the steps", async () => {
    const run = train(await sharedWorker(), optionsOf(chains.adam, { steps: 1e6 }));
    for await (const { step } of run) if (step === 5) break;
    const rest = () => new Promise((resolve) => setTimeout(resolve, 4 * SPACING));
    await rest();
    const { step } = await run.evaluate("test");
    await rest();
    expect((await run.evaluate("test")).step).toBe(step);
    await run.close();
  });
});

describe("errors arrive as they were", () => {
  it.each([
    ["a bad option", { bacth: 3 } as object],
    ["a model that does not fit", { model: [linear(3)] }],
    ["a batch beyond the data", { batch: 1e6 }],
  ])("%s: the same FallLineError", async (_, more) => {
    const here = await rejection(train(await sharedBackend(), { ...optionsOf(chains.sgd), ...more }).finish());
    const there = await rejection(train(await sharedWorker(), { ...optionsOf(chains.sgd), ...more }).finish());
    expect(there).toBeInstanceOf(FallLineError);
    expect({ ...there, message: there.message }).toEqual({ ...here, message: here.message });
    expect((there as FallLineError).where).toMatch(/\w/);
  });

  it("NonFinite, with its step and dispatch, after the metrics before it", async () => {
    const options = optionsOf(sgd({ lr: 1e30 }));
    const here = await rejection(train(await sharedBackend(), options).finish());
    const run = train(await sharedWorker(), options);
    const there = await rejection(run.finish());
    expect(there).toBeInstanceOf(NonFinite);
    expect({ ...there }).toEqual({ ...here });
    expect(there.message).toBe(here.message);
    expect(await rejection(run.finish())).toBe(there);
    await run.close();
  });

  it("functions cannot cross, and the error says where they are", async () => {
    const weird = {
      ...chain(descend(0.1)),
      links: [{ rule: "descend", options: { lr: { kind: "x", value: () => 1 } } }],
    };
    const error = await rejection(train(await sharedWorker(), optionsOf(weird as never)).finish());
    expect(error.message).toMatch(
      /^train: options\.optimizer\.links\.0\.options\.lr\.value is a function, which cannot go to a worker;/,
    );
    const kernel = { name: "mine", wgsl: "", reference: () => {} };
    await expect(validate(await sharedWorker(), kernel as never)).rejects.toThrow(
      "validate: mine has functions, which cannot go to a worker; open a backend without worker, or give a rule's functions as text",
    );
  });

  it("a rule of this thread's own is not known there; a worker of one's own knows its own", async () => {
    const mine = { ...sgd({ lr: 0.1 }), links: [{ rule: "halfway", options: { factor: 0.5 } }, descend(0.1)] };
    const error = await rejection(train(await sharedWorker(), optionsOf(mine)).finish());
    expect(error.message).toMatch(/^worker: knows no rule "halfway"; .*fall-line\/worker/);
    const worker = new Worker(new URL("./support/instrumented_worker.ts", import.meta.url), { type: "module" });
    const run = train(await inWorker(worker), optionsOf(mine));
    const halved = train(await sharedBackend(), optionsOf(sgd({ lr: 0.05 })));
    expect((await run.finish())?.loss).toBe((await halved.finish())?.loss);
    await Promise.all([run.close(), halved.close()]);
  });

  it("a rule whose functions are text goes there as it is", async () => {
    const doubled = defineRule({
      name: "doubled",
      wgsl: "struct Doubled { factor: f32 }\nfn doubled(u: f32, p: f32, h: Doubled) -> f32 { return h.factor * u; }",
      options: { factor: 2 },
      reference: "(u, p, { factor }) => factor * u",
    });
    const optimizer = chain(link(doubled), descend(0.05));
    const run = train(await sharedWorker(), optionsOf(optimizer));
    const plain = train(await sharedBackend(), optionsOf(sgd({ lr: 0.1 })));
    expect((await run.finish())?.loss).toBe((await plain.finish())?.loss);
    const rows = await validate(await sharedWorker(), doubled);
    expect(rows.length).toBeGreaterThan(1);
    expect(rows).toEqual(await validate(await sharedBackend(), doubled));
    await Promise.all([run.close(), plain.close()]);
  });

  it("a worker that cannot be loaded", async () => {
    const worker = new Worker(new URL("/nothing.js", location.href), { type: "module" });
    await expect(openBackend({ worker })).rejects.toThrow(/^worker: broke/);
  });
});

describe("the end", () => {
  it("closing frees the GPU, ends the worker and rejects what is under way", async () => {
    const channel = new BroadcastChannel("fall-line test");
    const shout = new Promise((resolve) => {
      channel.addEventListener("message", ({ data }) => resolve(data));
    });
    const worker = new Worker(new URL("./support/instrumented_worker.ts", import.meta.url), { type: "module" });
    let ended: () => void = () => {};
    const terminated = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      terminate();
      ended();
    };
    const backend = await openBackend({ worker });
    const run = train(backend, optionsOf(chains.adam, { steps: 1e6 }));
    await run[Symbol.asyncIterator]().next();
    const going = rejection(run.finish());
    backend.close();
    backend.close();
    expect((await going).message).toBe("worker: the backend is closed; open a new one");
    await terminated;
    expect(await shout).toBe("destroyed");
    await expect(run.evaluate("test")).rejects.toThrow("the backend is closed");
    await expect(train(backend, optionsOf(chains.adam)).finish()).rejects.toThrow("the backend is closed");
    channel.close();
  });

  it("other backends in workers, and the CPU references there", async () => {
    const backend = await openBackend({ worker: true, kind: "cpu" });
    expect(backend.kind).toBe("cpu");
    const run = train(backend, { ...tasks.tanh(), loss: crossEntropy(), optimizer: chains.sgd, batch: 8, steps: 12 });
    const here = train(await openBackend("cpu"), { ...tasks.tanh(), optimizer: chains.sgd, batch: 8, steps: 12 });
    expect(await metricsOf(run)).toEqual(await metricsOf(here));
    backend.close();
  });

  it("mistakes in what is to be opened", async () => {
    await expect(openBackend("wbgpu" as never)).rejects.toThrow("openBackend: wbgpu is no backend");
    await expect(openBackend({ wroker: true } as never)).rejects.toThrow('did you mean "worker"?');
    const { device } = (await sharedBackend()) as { device: GPUDevice } & Backend;
    await expect(openBackend({ worker: true, device })).rejects.toThrow("device and worker are both given");
    expect(DeviceLost.name).toBe("DeviceLost");
  });
});
