// What the passes say of themselves: what they took saves just what the two plans differ by, and what they left has its numbers.
import { describe, expect, it } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import { blobs, dataset, type Dataset } from "../../src/data/index.ts";
import { crossEntropy, gelu, layerNorm, linear, meanSquaredError, relu, residual, tanh } from "../../src/nn/index.ts";
import { adam, freeze, type Optimizer, sgd } from "../../src/optim/index.ts";
import { type Choice, noteIn } from "../../src/scheduler/choices.ts";
import { costOf } from "../../src/scheduler/cost.ts";
import { savings, wordsOf } from "../../src/scheduler/explain.ts";
import { fuseEpilogues } from "../../src/scheduler/fuse.ts";
import { print } from "../../src/scheduler/print.ts";
import type { StepProgram } from "../../src/scheduler/program.ts";
import { pinned } from "../../src/scheduler/pinned.ts";
import { GPU } from "../../src/scheduler/gpu.ts";
import { SOFTWARE } from "../../src/scheduler/software.ts";
import type { Tuning } from "../../src/scheduler/tuning.ts";
import { Population } from "../../src/train/population.ts";
import type { Task } from "../../src/train/task.ts";
import { follow, product } from "../../src/validate/matmul.cases.ts";

function bytes(features: number, outputs: number, count = 64): Dataset {
  const x = Uint8Array.from({ length: count * features }, (_, i) => (i * 37) % 251);
  return dataset({ name: "bytes", x, y: Uint32Array.from({ length: count }, (_, i) => i % outputs), outputs });
}

const curve = dataset({
  name: "curve",
  x: Float32Array.from({ length: 120 }, (_, i) => Math.sin(i)),
  y: Float32Array.from({ length: 80 }, (_, i) => Math.cos(i)),
  outputs: 2,
});

const classifier = (features: number, hidden: number, classes: number): Task => ({
  data: bytes(features, classes),
  model: [linear(hidden), relu(), linear(classes)],
  loss: crossEntropy(),
});

interface Given {
  readonly tuning?: Tuning;
  readonly fused?: boolean;
  readonly optimizer?: Optimizer;
  readonly optimizers?: readonly Optimizer[];
  readonly runs?: number;
}

async function program(task: Task, given: Given = {}): Promise<StepProgram & { gaps: number }> {
  const { optimizer = adam(), runs = 1, optimizers = Array<Optimizer>(runs).fill(optimizer), ...rest } = given;
  const all = optimizers.map((own, init) => ({ optimizer: own, init, order: 0 }));
  const population = await Population.open(openCpu(), task, { batch: 16, steps: 100, runs: all, ...rest });
  population.dispose();
  const { segments, size } = population.arenas;
  const gaps = segments.reduce((left, { rows, pitch }) => left - rows * pitch, size);
  return { ...population.program, gaps: runs * gaps };
}

/** Dispatches and bytes of a step, with what is taken of the data for it beforehand. */
function costs({ each, before, choices }: StepProgram): { dispatches: number; bytes: number } {
  const ahead = choices.filter(({ kind }) => kind === "ahead").flatMap(({ names }) => names);
  const taken = before.filter(({ name }) => ahead.includes(name)).map((at) => ({ ...at, slices: 1 }));
  return {
    dispatches: each.length + taken.length,
    bytes: [...each, ...taken].reduce((total, at) => total + costOf(at).bytes, 0),
  };
}

describe("what is taken saves what the unfused plan and the fused one differ by", () => {
  it.each<[string, Task, Given]>([
    ["a classifier", classifier(21, 9, 5), {}],
    ["its batch gathered by two matmuls, three runs", classifier(21, 9, 5), { tuning: pinned("16x4", 8), runs: 3 }],
    ["on a GPU", classifier(21, 9, 5), { tuning: GPU }],
    ["the update on its own", classifier(21, 9, 5), { tuning: { ...GPU, updateInGradient: 0 } }],
    ["more classes than the head takes", classifier(21, 9, 13), {}],
    ["a network in one dispatch", classifier(6, 9, 3), { tuning: { ...SOFTWARE, packed: false }, runs: 16 }],
    [
      "floats, a residual, no head",
      { data: curve, model: [linear(6), residual(linear(6), gelu()), linear(2)], loss: meanSquaredError() },
      { runs: 2 },
    ],
    [
      "floats gathered, tanh",
      { data: blobs({ count: 80, seed: 3 }), model: [linear(6), tanh(), linear(3)], loss: crossEntropy() },
      { tuning: pinned("4x4", 8) },
    ],
  ])("%s", async (_, task, given) => {
    const [apart, together] = [await program(task, { ...given, fused: false }), await program(task, given)];
    expect(apart.choices).toEqual([]);
    const saved = { dispatches: 0, bytes: 0 };
    for (const { dispatches, bytes } of savings(together.each)) {
      saved.dispatches += dispatches;
      saved.bytes += bytes;
    }
    const [most, least] = [costs(apart), costs(together)];
    expect(saved.dispatches).toBeGreaterThan(2);
    // An update of its own goes over what lies between tensors as well: gradient, p twice, two slots twice.
    if (together.choices.some(({ kind }) => kind === "update")) most.bytes -= 28 * together.gaps;
    expect(saved).toEqual({ dispatches: most.dispatches - least.dispatches, bytes: most.bytes - least.bytes });
    expect(print(together)).toContain(`  together: saves ${saved.dispatches} dispatches, `);
  });
});

describe("what is left says why, with numbers", () => {
  const lines = async (task: Task, given?: Given): Promise<string[]> =>
    print(await program(task, given))
      .split("\n")
      .map((line) => line.trim());

  it("a gather that many tiles would repeat", async () => {
    const tuning = { ...SOFTWARE, gatherAhead: false };
    expect(await lines(classifier(21, 80, 5), { tuning })).toContain(
      "x stays: 3 tiles across the columns of layer1.matmul would each gather its rows (table allows 1)",
    );
  });

  it("a network of few runs, of many numbers; an update of the tensors alone", async () => {
    const stays = "the network stays in several dispatches";
    expect(await lines(classifier(6, 9, 3), { runs: 15 })).toContain(`${stays}: runs 15 (table asks for 16)`);
    // 6 of x, 5 matmuls' 189, 9 + 3 with their biases, 9 activations, 9 derivatives, 3 of the loss, 9 + 3 sums.
    const tuning = { ...SOFTWARE, network: { leastRuns: 2, most: 200 } };
    expect(await lines(classifier(6, 9, 3), { runs: 2, tuning })).toContain(
      `${stays}: 240 numbers a row (table allows 200)`,
    );
    expect(await lines(classifier(6, 9, 3), { runs: 16 })).toEqual(
      expect.arrayContaining([
        "network 6-9-3 in one dispatch, a thread a run: runs 16 (table asks for 16)",
        "update: adam > descend over 124 of 320 elements a run: without what lies between tensors",
      ]),
    );
  });

  it("too many classes, too wide a hidden layer", async () => {
    const three = "layer3.matmul + biasAdd, loss, layer3.back.matmul + layer2.relu.derivative stay";
    expect(await lines(classifier(21, 9, 13))).toContain(
      `${three}: classes 13 (at most 12), depth 9 (table allows 1,024)`,
    );
    expect(await lines(classifier(21, 9, 3), { tuning: { ...GPU, headDepth: 8 } })).toContain(
      `${three}: classes 3 (at most 12), depth 9 (table allows 8)`,
    );
  });

  it("a reader of the batch that cannot gather", async () => {
    const task: Task = { data: bytes(6, 3), model: [residual(linear(6), relu()), linear(3)], loss: crossEntropy() };
    expect(await lines(task, { tuning: pinned("4x4", 8) })).toContain(
      "x stays: layer1.add reads it, which cannot gather",
    );
  });

  it("more storage buffers than there are", () => {
    const { work, wanted } = follow(
      product({ tile: "4x4", layout: "nn", sizes: { m: 4, n: 4, k: 4 } }),
      Array.from({ length: 7 }, () => "add"),
    );
    const choices: Choice[] = [];
    expect(fuseEpilogues(work, wanted, noteIn(choices)).length).toBe(3);
    // a, b, y and five others.
    expect(choices.map(({ kind, numbers }) => [kind, ...numbers])).toEqual([["epilogue: bindings", 9, 8]]);
  });
});

describe("the update stays where the gradients' stores cannot play it, and says why", () => {
  const task = classifier(21, 9, 5);
  const reasons = async (of: Task, given: Given): Promise<string[]> => {
    const { choices, each } = await program(of, given);
    expect(each.some(({ kernel }) => kernel === "update")).toBe(true);
    return choices.filter(({ kind }) => kind.startsWith("update")).map((choice) => wordsOf(choice));
  };

  it.each<[string, Task, Given, RegExp]>([
    [
      "more parameters than the table allows",
      task,
      { tuning: { ...SOFTWARE, updateInGradient: 300 } },
      // [21, 9] at a pitch of 12 and [9], [9, 5] at a pitch of 8 and [5], each from a multiple of 64 on.
      /^update: adam > descend stays: 512 parameters a run \(table allows 300\)$/,
    ],
    ["a norm over the gradients", task, { optimizer: adam({ clip: 1 }) }, /stays: its chain has more than rules over/],
    ["parameter groups", task, { optimizer: freeze(adam(), "layer1") }, /stays: its chain has more than rules over/],
    [
      "two chains",
      task,
      { optimizers: [adam(), sgd()] },
      /^update: adam > descend, update: descend stay: .* 4 dispatches, now 4$/,
    ],
    [
      "a layer norm, whose gradients are no products",
      { ...task, model: [linear(9), layerNorm(), relu(), linear(5)] },
      {},
      /^update: adam > descend stays: layer2\.back\.\S+ leaves gradients, which cannot update$/,
    ],
    [
      "a batch gathered in the loads",
      task,
      { tuning: pinned("4x4", 8, 2 ** 20) },
      /^update: adam > descend stays: with it gather \+ layer1\.back\.matmul \+ \S+ would bind 10 storage buffers, WebGPU grants 8$/,
    ],
  ])("%s", async (_, of, given, want) => {
    const found = await reasons(of, given);
    expect(found.length).toBe(1);
    expect(found[0]).toMatch(want);
  });

  it("nothing is said where the table asks for none", async () => {
    expect(await reasons(task, { tuning: { ...SOFTWARE, updateInGradient: 0 } })).toEqual([]);
  });
});

describe("an update in the gradients' stores", () => {
  it("leaves four dispatches of a classifier, and none of them touches gradients", async () => {
    const { each } = await program(classifier(21, 9, 5));
    expect(each.map(({ kernel }) => kernel.replace(/_.*/, ""))).toEqual(["matmul", "head", "matmul", "matmul"]);
    for (const { bindings } of each)
      expect(Object.values(bindings).every(({ buffer }) => buffer !== "gradients")).toBe(true);
  });

  it("comes after all that reads its parameters", async () => {
    // Without a head, w of the last layer is read by the input's gradient, which is made after the weights' own.
    const { each } = await program(classifier(21, 9, 13));
    const parameters = each.map(({ bindings }) =>
      Object.values(bindings).filter(({ buffer }) => buffer === "parameters"),
    );
    const written = new Set<number>();
    for (const bindings of parameters) {
      for (const { mode, offset } of bindings) if (mode === "read") expect(written.has(offset)).toBe(false);
      for (const { mode, offset } of bindings) if (mode !== "read") written.add(offset);
    }
    expect(written.size).toBe(4);
  });
});
