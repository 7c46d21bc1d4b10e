// What cannot work is refused in words, before anything is allocated or changed.
import { describe, expect, it, vi } from "vitest";
import { reluOf } from "../../src/activations/index.ts";
import { gradient } from "../../src/autodiff.ts";
import type { Backend, Program, Storage } from "../../src/backend/backend.ts";
import { openCpu } from "../../src/backend/cpu.ts";
import { FallLineError } from "../../src/core/check.ts";
import { dataset, type Dataset, type DatasetOptions } from "../../src/data/index.ts";
import { input, node, parameter, scope } from "../../src/graph/node.ts";
import { crossEntropy, linear, meanSquaredError, relu, residual } from "../../src/nn/index.ts";
import { add } from "../../src/ops/add.ts";
import { biasAdd, columnSums } from "../../src/ops/bias.ts";
import { softmaxCrossEntropy } from "../../src/ops/cross_entropy.ts";
import { matmul } from "../../src/ops/matmul.ts";
import { multiply } from "../../src/ops/multiply.ts";
import { scale, spread } from "../../src/ops/scale.ts";
import { softmax } from "../../src/ops/softmax.ts";
import { meanSquaredError as squared } from "../../src/ops/squared_error.ts";
import { sum } from "../../src/ops/sum.ts";
import { adam, sgd } from "../../src/optim/index.ts";
import type { PaceMode } from "../../src/scheduler/pace.ts";
import type { BufferSpec } from "../../src/scheduler/plan.ts";
import type { Layer } from "../../src/nn/layer.ts";
import { Population, type PopulationOptions } from "../../src/train/population.ts";
import { race } from "../../src/train/race.ts";
import type { Task } from "../../src/train/task.ts";
import { train } from "../../src/train/train.ts";
import { openBackend } from "../../src/worker/open.ts";

/** Messages read "Where: what is, what was expected; what to do". */
function refused(act: () => unknown, message: string): void {
  expect(act).toThrow(FallLineError);
  expect(act).toThrow(message);
}

describe("shapes", () => {
  const [a, b] = [input("a", [4, 3]), input("b", [4, 2])];

  it.each<[string, () => unknown, string]>([
    [
      "matmul",
      () =>
        matmul(
          scope("layer1", () => reluOf(input("x", [32, 16]))),
          scope("layer2", () => parameter("w", [8, 4])),
        ),
      "matmul: inner sizes differ: layer1.relu [32, 16] and layer2.w [8, 4] (16 and 8)",
    ],
    ["matmul nt", () => matmul(a, b, { layout: "nt" }), "matmul: inner sizes differ: a [4, 3] and b [4, 2] (3 and 2)"],
    ["matmul of a vector", () => matmul(a, input("v", [3])), "matmul: needs two matrices: a [4, 3] and v [3]"],
    ["add", () => add(a, b), "add: shapes differ: a [4, 3] and b [4, 2]; they must be equal"],
    ["multiply", () => multiply(a, b), "multiply: shapes differ: a [4, 3] and b [4, 2]; they must be equal"],
    ["biasAdd", () => biasAdd(a, input("bias", [4])), "biasAdd: bias [4] does not fit the rows of a [4, 3]"],
    ["columnSums", () => columnSums(input("v", [3])), "columnSums: v [3] is no matrix"],
    ["softmax", () => softmax(input("v", [3])), "softmax: v [3] is no matrix"],
    ["spread", () => spread(a, [2, 2]), "spread: a [4, 3] is not one number"],
    ["scale", () => scale(a, Number.NaN), "scale: factor is NaN, expected a finite number"],
    [
      "cross-entropy",
      () => softmaxCrossEntropy(a, input("labels", [5], "u32")),
      "crossEntropy: rows differ: a [4, 3] and labels [5]",
    ],
    ["squared error", () => squared(a, b), "squaredError: widths differ: a [4, 3] and b [4, 2]"],
    ["a size of 0", () => node("add", [4, 0]), "add: shape [4, 0] has a size that is no positive integer"],
    ["a size that is no integer", () => parameter("w", [1.5]), "w: shape [1.5] has a size that is no positive integer"],
    ["gradient of a matrix", () => gradient(a, [a]), "gradient: a [4, 3] is not one number; take its sum or mean"],
    [
      "a layer that is not used",
      () => gradient(sum(a), [parameter("layer3.b", [2])]),
      "gradient: sum does not depend on layer3.b; was the layer used?",
    ],
  ])("%s", (_, act, message) => {
    refused(act, message);
  });
});

describe("data", () => {
  const x = Float32Array.from({ length: 12 }, (_, i) => i);
  const labels = Uint32Array.from([0, 1, 2, 1]);
  const made = (options: Partial<DatasetOptions>) => () => dataset({ name: "mine", x, y: labels, ...options });

  it.each<[string, () => unknown, string]>([
    [
      "a label out of range",
      made({ outputs: 2 }),
      "dataset mine: y at row 2 is 2, expected a label below 2; give outputs or classes",
    ],
    [
      "NaN",
      made({ x: x.with(7, Number.NaN) }),
      "dataset mine: x at row 2, column 1 is NaN, expected a finite number; remove the row or fill it in",
    ],
    [
      "infinity in targets",
      made({ y: Float32Array.from([0, 1, Number.POSITIVE_INFINITY, 1]) }),
      "dataset mine: y at row 2, column 0 is Infinity",
    ],
    [
      "nothing",
      made({ x: new Float32Array(0), y: new Uint32Array(0) }),
      "dataset mine: the data are empty: x has 0 values, y 0",
    ],
    [
      "lengths that do not fit",
      made({ y: labels.slice(0, 3), shape: [3] }),
      "dataset mine: x has 12 values, expected 3 examples of shape [3] as in y; check the lengths of x and y",
    ],
    [
      "a misspelt option",
      made({ shufle: true } as object),
      'dataset mine: unknown option "shufle"; did you mean "shuffle"?',
    ],
  ])("%s", (_, act, message) => {
    refused(act, message);
  });
});

const points: Dataset = dataset({
  name: "points",
  x: Float32Array.from({ length: 40 }, (_, i) => Math.sin(i)),
  y: Uint32Array.from({ length: 20 }, (_, i) => i % 3),
  split: { train: 16, validation: 4 },
});

const line: Dataset = dataset({
  name: "line",
  x: Float32Array.from({ length: 40 }, (_, i) => Math.sin(i)),
  y: Float32Array.from({ length: 20 }, (_, i) => Math.cos(i)),
  split: { train: 20 },
});

const task: Task = { data: points, model: [linear(4), relu(), linear(3)], loss: crossEntropy() };
const run = { optimizer: sgd({ lr: 0.1 }), init: 1, order: 1 };
const options: PopulationOptions = { batch: 8, steps: 10, runs: [run] };

/** A CPU backend that counts what is made of it and what is given back. */
function watched(changes: Partial<Backend> = {}): {
  backend: Backend;
  seen: { storages: number; disposed: number; buffers: string[] };
} {
  const cpu = openCpu();
  const seen = { storages: 0, disposed: 0, buffers: [] as string[] };
  const storage = (): Storage => {
    seen.storages++;
    const own = cpu.storage();
    const [ensure, dispose] = [own.ensure.bind(own), own.dispose.bind(own)];
    own.ensure = (buffers: readonly BufferSpec[], runs: number) => {
      ensure(buffers, runs);
      seen.buffers.push(...buffers.map(({ name }) => name));
    };
    own.dispose = () => {
      seen.disposed++;
      dispose();
    };
    return own;
  };
  return { backend: { ...cpu, storage, ...changes }, seen };
}

it("a pace that is none is refused before anything is made, by a training and by a race", async () => {
  const { backend, seen } = watched();
  const x = new Float32Array(40);
  const data = dataset({ name: "mine", x, y: new Uint32Array(20), outputs: 2, split: { train: 1 } });
  const task = { data, model: [linear(2)], loss: crossEntropy(), batch: 4, steps: 2, pace: "fast" as PaceMode };
  const known = 'pace "fast"; expected one of throughput, page';
  await expect(train(backend, { ...task, optimizer: adam() }).finish()).rejects.toThrow(`train: ${known}`);
  const entries = { adam: adam() };
  await expect(race(backend, { ...task, entries, seeds: [1] }).finish()).rejects.toThrow(`race: ${known}`);
  expect(seen.storages).toBe(0);
});

describe("a population that cannot be", () => {
  it.each<[string, Partial<Task>, Partial<PopulationOptions>, string]>([
    [
      "a batch larger than the data",
      {},
      { batch: 17 },
      "train: batch 17 is larger than the 16 training rows of points; use a batch of at most 16",
    ],
    ["no batch", {}, { batch: 0 }, "train: batch is 0, expected an integer >= 1"],
    ["no steps", {}, { steps: 0 }, "train: steps is 0, expected an integer >= 1"],
    ["no runs", {}, { runs: [] }, "train: no runs, expected at least one; give an optimizer"],
    [
      "a seed below 0",
      {},
      { runs: [{ ...run, init: -1 }] },
      "train: seed is -1, expected an integer >= 0 and <= 4294967295",
    ],
    [
      "a seed that is no integer",
      {},
      { runs: [{ ...run, order: 0.5 }] },
      "train: data seed is 0.5, expected an integer >= 0",
    ],
    [
      "more steps in sequence than there are rows",
      {},
      { order: "sequential", steps: 3 },
      'train: 3 steps of 8 rows in sequence, points has 16 training rows; use fewer steps, or the order "permutation"',
    ],
    [
      "too few classes",
      { model: [linear(2)] },
      {},
      "task: the model ends in [8, 2], points has 3 classes; end it in linear(3)",
    ],
    [
      "a loss of targets for labels",
      { loss: meanSquaredError() },
      {},
      "task: meanSquaredError needs targets, points has labels",
    ],
    [
      "a loss of labels for targets",
      { data: line, model: [linear(3)] },
      {},
      "task: crossEntropy needs labels, line has targets",
    ],
    [
      "too wide for the targets",
      { data: line, loss: meanSquaredError() },
      {},
      "task: the model ends in [8, 3], line has targets of width 1; end it in linear(1)",
    ],
    [
      "a model without parameters",
      { data: { ...line, outputs: 2, y: new Float32Array(40) }, model: [relu()], loss: meanSquaredError() },
      {},
      "train: the model has no parameters; add a linear layer",
    ],
    [
      "a layer that changes the width of a residual",
      { model: [residual(linear(5)), linear(3)] },
      {},
      "layer1.residual: widths differ",
    ],
    [
      "a misspelt layer",
      { model: [{ kind: "liner", width: 3 } as Layer] },
      {},
      'layer1: unknown layer "liner"; did you mean "linear"?',
    ],
    [
      "a misspelt loss",
      { loss: { kind: "crossEntrpy" } },
      {},
      'loss: unknown loss "crossEntrpy"; did you mean "crossEntropy"?',
    ],
    [
      "a learning rate that is a number at first only",
      {},
      { runs: [{ ...run, optimizer: sgd({ lr: (t) => (t < 9 ? 0.1 : Number.NaN) }) }] },
      "schedule: the function gives NaN at step 9, expected a finite number",
    ],
  ])("%s", async (_, changedTask, changedOptions, message) => {
    const { backend, seen } = watched();
    const opening = Population.open(backend, { ...task, ...changedTask }, { ...options, ...changedOptions });
    await expect(opening).rejects.toThrow(FallLineError);
    await expect(opening).rejects.toThrow(message);
    expect(seen).toEqual({ storages: 0, disposed: 0, buffers: [] });
  });

  it("more memory than there is: numbers and a way out, nothing allocated", async () => {
    const { backend, seen } = watched({ limits: { binding: 2048, buffer: 4096 } });
    const runs = Array.from({ length: 48 }, () => ({ ...run, optimizer: adam() }));
    const opening = Population.open(backend, task, { ...options, runs });
    await expect(opening).rejects.toThrow(
      /^memory: 48 runs x .* MiB of \w+ = .* MiB, limit .* MiB per binding; at most \d+ runs$/,
    );
    expect(seen).toEqual({ storages: 0, disposed: 0, buffers: [] });
    const most = Number(
      /at most (\d+) runs/.exec(
        await opening.then(
          () => "",
          (error: Error) => error.message,
        ),
      )?.[1],
    );
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(48);
  });

  it("a program that does not compile: what was allocated is given back", async () => {
    const program = async (): Promise<Program> => {
      throw new FallLineError("relu.wgsl", "unresolved value");
    };
    const { backend, seen } = watched({ program });
    await expect(Population.open(backend, task, options)).rejects.toThrow("relu.wgsl: unresolved value");
    expect([seen.storages, seen.disposed]).toEqual([1, 1]);
  });
});

describe("a population that is there", () => {
  it("is left as it was by what is refused", async () => {
    const { backend, seen } = watched();
    const population = await Population.open(
      backend,
      { ...task, data: { ...points } },
      { ...options, runs: [run, run], stepsPerSubmit: 4 },
    );
    await population.advance(0, 2);
    const [before, buffers] = [await population.snapshot(2), seen.buffers.length];
    const short = new Float32Array(3);
    await expect(population.advance(2, 5)).rejects.toThrow("run: 5 steps, at most 4 a submit");
    await expect(population.evaluate("test")).rejects.toThrow(
      "evaluate: points has no test rows; split the data with some",
    );
    await expect(population.read("parameters", 2)).rejects.toThrow("read: run 2 of 2");
    const sizes = [before.parameters.length, before.state.length];
    refused(
      () => population.restore({ ...before, parameters: short }),
      `restore: parameters has 3 numbers, expected ${sizes[0]}`,
    );
    // The parameters of this one would fit.
    const other = before.parameters.map((value) => value + 1);
    refused(
      () => population.restore({ ...before, parameters: other, state: short }),
      `restore: state has 3 numbers, expected ${sizes[1]}`,
    );
    refused(
      () => population.restore({ ...before, parameters: other, latch: new Uint32Array(1) }),
      "restore: latch has 1 words, expected 2",
    );
    expect(await population.snapshot(2)).toEqual(before);
    expect(seen.buffers.length).toBe(buffers);
    population.dispose();
    expect(seen.disposed).toBe(1);
  });

  it("says in which step a run's numbers stopped being finite, and leaves the others alone", async () => {
    const { backend } = watched();
    const runs = [run, { ...run, optimizer: sgd({ lr: 1e30 }) }, { ...run, optimizer: sgd({ lr: 0.05 }) }];
    const population = await Population.open(backend, task, { ...options, runs });
    let bad: number | undefined;
    for (let t = 0; t < 10; t++) {
      await population.advance(t, 1);
      const values = [...(await population.read("parameters", 1)).values()].flatMap((tensor) => [...tensor]);
      if (values.some((value) => !Number.isFinite(value))) bad ??= t;
    }
    expect(bad).toBeDefined();
    expect(await population.firstBad()).toEqual([undefined, bad, undefined]);
    const alone = await Population.open(openCpu(), task, options);
    await alone.advance(0, 10);
    expect(await population.read("parameters", 0)).toEqual(await alone.read("parameters", 0));
    for (const each of [population, alone]) each.dispose();
  });

  it("storage: a name that is not held, and one that is held with less room", () => {
    const storage = openCpu().storage();
    const spec = (length: number): BufferSpec => ({ name: "rows", dtype: "f32", length, role: "ring" });
    refused(() => storage.write("rows", new Float32Array(1)), "storage: holds no buffer rows; ensure it first");
    storage.ensure([spec(8)], 1);
    storage.ensure([spec(4)], 1);
    refused(
      () => storage.ensure([{ ...spec(4), name: "other" }, spec(16)], 1),
      "storage: rows has 8 elements, a program needs 16; give the programs different names",
    );
    expect(storage.has("other")).toBe(false);
  });
});

describe("WebGPU where there is none", () => {
  const opening = () => openBackend();
  it("in Node: what drives a Chrome, and what needs none", async () => {
    await expect(opening()).rejects.toThrow(
      "WebGPU: is not available here (navigator.gpu is missing); Node has none: openSession() of fall-line/node drives a Chrome",
    );
  });

  it("on a page whose address is not secure, and on one that is", async () => {
    vi.stubGlobal("process", undefined);
    try {
      vi.stubGlobal("isSecureContext", false);
      await expect(opening()).rejects.toThrow("serve the page by https, or from localhost");
      vi.stubGlobal("isSecureContext", true);
      await expect(opening()).rejects.toThrow("open chrome://gpu to see why");
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
