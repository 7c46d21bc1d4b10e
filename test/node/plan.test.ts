// Plans: their print-outs, what fusion may do, places of values, and the checks before anything is allocated.
import { describe, expect, it } from "vitest";
import type { Backend, Storage } from "../../src/backend/backend.ts";
import { openCpu } from "../../src/backend/cpu.ts";
import { blobs, dataset, type Dataset } from "../../src/data/index.ts";
import { gelu, linear, crossEntropy, meanSquaredError, relu, residual, sigmoid, tanh } from "../../src/nn/index.ts";
import { adam, adamw, chain, clipByGlobalNorm, cosine, descend, scaleByAdam, sgd } from "../../src/optim/index.ts";
import { matmul } from "../../src/ops/matmul.ts";
import { scale } from "../../src/ops/scale.ts";
import { type Node, parameter, variable } from "../../src/graph/node.ts";
import { checkAliases, checkBindings, checkMemory, checkOverwrites } from "../../src/scheduler/check.ts";
import { reads, writes } from "../../src/scheduler/lower.ts";
import type { BufferSpec, Dispatch } from "../../src/scheduler/plan.ts";
import { print } from "../../src/scheduler/print.ts";
import type { StepProgram } from "../../src/scheduler/program.ts";
import { pinned } from "../../src/scheduler/pinned.ts";
import type { Value } from "../../src/scheduler/work.ts";
import { Population, type PopulationOptions } from "../../src/train/population.ts";
import type { Task } from "../../src/train/task.ts";
import { Machine, type Planned } from "./support/evaluate.ts";
import { randomGraph } from "./support/graphs.ts";
import { awayFromZero } from "./support/numbers.ts";

/** Rows of bytes as digits are, and labels. */
function digitsLike(features: number, outputs: number, count = 64): Dataset {
  const x = Uint8Array.from({ length: count * features }, (_, i) => (i * 37) % 251);
  return dataset({
    name: "bytes",
    x,
    y: Uint32Array.from({ length: count }, (_, i) => i % outputs),
    outputs,
    scale: 1 / 255,
  });
}

function curve(count = 40): Dataset {
  const x = Float32Array.from({ length: count * 3 }, (_, i) => Math.sin(i));
  return dataset({ name: "curve", x, y: Float32Array.from({ length: count * 2 }, (_, i) => Math.cos(i)), outputs: 2 });
}

const digitsTask: Task = { data: digitsLike(784, 10), model: [linear(256), relu(), linear(10)], loss: crossEntropy() };
const residualTask: Task = {
  data: curve(),
  model: [linear(6), residual(linear(6), gelu()), linear(2)],
  loss: meanSquaredError(),
};

const one = { init: 1, order: 1 };

async function program(task: Task, options: Partial<PopulationOptions>): Promise<StepProgram> {
  const runs = [{ optimizer: adam(), ...one }];
  const population = await Population.open(openCpu(), task, { batch: 32, steps: 100, runs, ...options });
  population.dispose();
  return population.program;
}

describe("print-outs", () => {
  it.each<[string, Task, boolean, number]>([
    ["digits_unfused", digitsTask, false, 15],
    ["digits_fused", digitsTask, true, 4],
    ["residual_unfused", residualTask, false, 22],
    ["residual_fused", residualTask, true, 9],
  ])("%s", async (name, task, fused, dispatches) => {
    const batch = task === digitsTask ? 32 : 8;
    const made = await program(task, { fused, batch });
    await expect(`${print(made)}\n`).toMatchFileSnapshot(`support/plans/${name}.txt`);
    expect(made.each.length).toBe(dispatches);
  });

  it("two chains over their own runs, one of them cut", async () => {
    const runs = [sgd({ momentum: 0.9 }), adamw({ clip: 1 }), sgd({ momentum: 0.5 })].map((optimizer) => ({
      optimizer,
      ...one,
    }));
    const made = await program(residualTask, { runs, batch: 8 });
    const updates = made.each.filter(({ kernel }) => kernel === "update");
    expect(updates.map(({ name, runs: { first, count } }) => `${name} ${first}+${count}`)).toEqual([
      "update: momentum > descend 0+2",
      "update: clipByGlobalNorm > adam > weightDecay > descend 2+1",
    ]);
  });

  it("a plan is plain data", async () => {
    const made = await program(residualTask, { batch: 8 });
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  });
});

describe("fusion", () => {
  const nested = (dispatch: Dispatch): readonly Dispatch[] => dispatch.parts ?? [dispatch];

  it.each<[string, Task]>([
    ["digits", digitsTask],
    ["residual", residualTask],
  ])("%s: a fused dispatch keeps the unfused calls it replaces as its parts", async (_, task) => {
    const [apart, together] = [
      await program(task, { fused: false, batch: 8 }),
      await program(task, { fused: true, batch: 8 }),
    ];
    // An update is a part for each tensor, of that tensor's size.
    const signature = ({ name, kernel, sizes, variant }: Dispatch): string =>
      JSON.stringify([name, kernel, kernel === "update" ? { ...sizes, size: 0 } : sizes, variant]);
    // What is taken of the data ahead of the steps is still there; a gather fused into two matmuls is a part of both.
    const parts = [...together.before, ...together.each].flatMap(nested);
    expect(new Set(parts.map(signature))).toEqual(new Set([...apart.before, ...apart.each].map(signature)));
    expect(together.each.some(({ parts: own }) => own && own.length >= 3)).toBe(true);
    for (const { parts: own = [] } of together.each) for (const part of own) expect(part.parts).toBeUndefined();
  });

  const sets: readonly [string, Task, Partial<PopulationOptions>][] = [
    [
      "bytes, relu",
      { data: digitsLike(13, 5), model: [linear(9), relu(), linear(7), relu(), linear(5)], loss: crossEntropy() },
      {},
    ],
    [
      "bytes, gathered while loading",
      { data: digitsLike(13, 5), model: [linear(9), relu(), linear(5)], loss: crossEntropy() },
      { tuning: pinned("4x4", 8) },
    ],
    [
      "floats, tanh and sigmoid",
      {
        data: blobs({ count: 80, seed: 3 }),
        model: [linear(6), tanh(), linear(5, { bias: false }), sigmoid(), linear(3)],
        loss: crossEntropy(),
      },
      {},
    ],
    ["targets, residual, gelu", residualTask, {}],
    [
      "targets, two residuals",
      { ...residualTask, model: [linear(4), residual(linear(4), tanh(), residual(linear(4), relu())), linear(2)] },
      { tuning: pinned("4x4", 8) },
    ],
  ];

  it.each(sets)("%s: on the CPU a fused plan gives the unfused one's bits", async (_, task, options) => {
    const runs = [adamw({ lr: cosine(0.05, 10), clip: 0.5 }), sgd({ lr: 0.1, momentum: 0.9 }), adamw({ lr: 0.01 })].map(
      (optimizer, i) => ({
        optimizer,
        init: i,
        order: i % 2,
      }),
    );
    const results = [];
    for (const fused of [false, true]) {
      const population = await Population.open(openCpu(), task, { batch: 8, steps: 10, runs, fused, ...options });
      const metrics = await population.advance(0, 5);
      const buffers = await Promise.all(
        ["parameters", "gradients", "state"].map((name) => population.storage.read(name)),
      );
      const evaluation = await population.evaluate("train");
      results.push({ metrics, buffers, evaluation, dispatches: population.program.each.length });
      population.dispose();
    }
    const [apart, together] = results as [(typeof results)[number], (typeof results)[number]];
    expect(together.dispatches).toBeLessThan(apart.dispatches);
    expect(together.metrics).toEqual(apart.metrics);
    expect(together.buffers).toEqual(apart.buffers);
    expect(together.evaluation).toEqual(apart.evaluation);
  });

  it("does not bring an assignment ahead of what still reads the old value", () => {
    const machine = new Machine();
    const [a, b] = ["a", "b"].map((name, i) => machine.leaf(parameter(name, [4, 4]), awayFromZero([4, 4], i))) as [
      Node,
      Node,
    ];
    const old = awayFromZero([4, 4], 7);
    const kept = machine.leaf(variable("kept", [4, 4]), old);
    const home = machine.homeOf(kept);
    const planned = machine.plan([{ node: matmul(a, b), home }, scale(kept, 2)], [], { fused: true });
    const [assigned, twice] = machine.run(planned) as [number[], number[]];
    expect(twice).toEqual(old.map((value) => 2 * value));
    expect(assigned).toEqual(machine.run(machine.plan([matmul(a, b)]))[0]);
  });
});

/** Every read finds what its value's own writer left; nothing a dispatch writes lies over anything else it touches. */
function checkLifetimes({ work, values, homes }: Planned): void {
  const owner = new Map<string, Value>();
  const bufferOf = (value: Value): string => homes.get(value)?.buffer ?? "";
  for (const at of work) {
    const [read, written] = [Object.values(reads(at)), Object.values(writes(at))];
    for (const value of read) {
      if (!value.home && value.fill === undefined && !value.words)
        expect(owner.get(bufferOf(value))?.name, `${at.name} reads`).toBe(value.name);
      if (!value.home && value.fill === undefined && !value.words) expect(owner.get(bufferOf(value))).toBe(value);
      for (const other of written) if (other !== value) expect(bufferOf(other)).not.toBe(bufferOf(value));
    }
    expect(new Set(written.map(bufferOf)).size).toBe(written.length);
    for (const value of written) owner.set(bufferOf(value), value);
  }
  for (const value of values) if (homes.has(value) && !value.home) expect(owner.get(bufferOf(value))).toBe(value);
}

describe("place", () => {
  it("never gives a live value's place to another, over random graphs", () => {
    let [shared, apart] = [0, 0];
    for (let seed = 0; seed < 60; seed++) {
      const made = [{}, { fused: true }, { apart: true }].map((options) => {
        const machine = new Machine();
        const { roots } = randomGraph(machine, seed, 24);
        const planned = machine.plan(roots, [], options);
        return { planned, results: [machine.run(planned), machine.run(planned)] };
      });
      const [unfused, fused, own] = made as [(typeof made)[number], (typeof made)[number], (typeof made)[number]];
      checkLifetimes(unfused.planned);
      checkLifetimes(fused.planned);
      // Twice, for what is assigned in the first step is read in the second.
      expect(unfused.results, `seed ${seed}`).toEqual(own.results);
      expect(fused.results, `seed ${seed}, fused`).toEqual(own.results);
      const pools = (planned: Planned) =>
        new Set([...planned.homes.values()].map(({ buffer }) => buffer).filter((name) => name.includes("pool"))).size;
      shared += pools(unfused.planned);
      apart += [...unfused.planned.homes].filter(
        ([value, { buffer }]) => !value.home && buffer.includes("pool"),
      ).length;
    }
    // Reuse does happen: several values for each buffer.
    expect(shared).toBeLessThan(apart / 2);
  });

  it("says what reads a value that nothing wrote", () => {
    const machine = new Machine();
    expect(() => machine.plan([scale(parameter("lost", [2]), 2)])).toThrow(
      "lost: parameter has no place; give it a home in the arenas or the data",
    );
  });
});

describe("checks", () => {
  const bindingOf = (at: Dispatch, name: string) => at.bindings[name] as Dispatch["bindings"][string];

  it("an update that comes before a reader of its parameters", async () => {
    const { each } = await program(residualTask, { fused: true, batch: 8, tuning: pinned("4x4") });
    const update = each[each.length - 1] as Dispatch;
    const arenas = new Set(["parameters"]);
    expect(() => checkOverwrites({ name: "train", buffers: [], dispatches: each }, arenas)).not.toThrow();
    const moved = [update, ...each.slice(0, -1)];
    expect(() => checkOverwrites({ name: "train", buffers: [], dispatches: moved }, arenas)).toThrow(
      "layer1.matmul + biasAdd: reads b after update: adam > descend has overwritten it in the same step; order the update last",
    );
  });

  it("an update in a gradient's stores that comes before the input's gradient", async () => {
    const { each } = await program(residualTask, { fused: true, batch: 8 });
    const arenas = new Set(["parameters"]);
    const [update, reader] = ["layer3.back.matmul + columnSums + update", "layer3.back.matmul + layer2"].map((name) =>
      each.findIndex((at) => at.name.startsWith(name)),
    ) as [number, number];
    expect(reader).toBeLessThan(update);
    expect(() => checkOverwrites({ name: "train", buffers: [], dispatches: each }, arenas)).not.toThrow();
    const moved = each.toSpliced(update, 1).toSpliced(reader, 0, each[update] as Dispatch);
    expect(() => checkOverwrites({ name: "train", buffers: [], dispatches: moved }, arenas)).toThrow(
      /^layer3.back.matmul \+ .*: reads b after layer3.back.matmul \+ columnSums \+ update: adam > descend has overwritten/,
    );
  });

  it("another run's parameters may be overwritten already", async () => {
    const { each } = await program(residualTask, {
      batch: 8,
      runs: [adam(), sgd()].map((optimizer) => ({ optimizer, ...one })),
    });
    const [first, second] = each.slice(-2) as [Dispatch, Dispatch];
    const arenas = new Set(["parameters"]);
    expect([first.runs, second.runs]).toEqual([
      { first: 0, count: 1 },
      { first: 1, count: 1 },
    ]);
    expect(() => checkOverwrites({ name: "", buffers: [], dispatches: [first, second] }, arenas)).not.toThrow();
    expect(() =>
      checkOverwrites({ name: "", buffers: [], dispatches: [first, { ...second, runs: first.runs }] }, arenas),
    ).toThrow("reads parameter after");
  });

  it("a chain that is cut after a rule with state trains: the first phase leaves the parameters as they are", async () => {
    const optimizer = chain(scaleByAdam(), clipByGlobalNorm(1), descend(0.05));
    const made = await program(residualTask, { batch: 8, runs: [{ optimizer, ...one }] });
    expect(made.each.slice(-4).map(({ name }) => name)).toEqual([
      "update: adam",
      "gradient norm, blocks",
      "gradient norm",
      "update: clipByGlobalNorm > descend",
    ]);
  });

  it("a dispatch that writes over what it reads", async () => {
    const { each } = await program(residualTask, { fused: true, batch: 8 });
    const at = each.find(({ kernel }) => kernel.startsWith("matmul")) as Dispatch;
    expect(() => checkAliases(at)).not.toThrow();
    const { a, y } = { a: bindingOf(at, "a"), y: bindingOf(at, "y") };
    const over = { ...at, bindings: { ...at.bindings, y: { ...y, buffer: a.buffer, offset: a.offset } } };
    expect(() => checkAliases(over)).toThrow(
      `layer1.matmul + biasAdd: writes y over a: both lie in ${a.buffer}; give one of them another place`,
    );
    // Beside it in the same arena is fine.
    const beside = {
      ...at,
      bindings: {
        ...at.bindings,
        a: { ...a, run: 4096 },
        y: { ...y, buffer: a.buffer, offset: a.offset + 2048, run: 4096 },
      },
    };
    expect(() => checkAliases(beside)).not.toThrow();
  });

  it("a dispatch that binds more storage buffers than WebGPU guarantees", async () => {
    const { each } = await program(residualTask, { fused: true, batch: 8, tuning: pinned("4x4") });
    const at = each.find(({ kernel }) => kernel === "gather") as Dispatch;
    expect(() => checkBindings(at)).not.toThrow();
    const x = bindingOf(at, "x");
    const many = Array.from({ length: 4 }, (_, i) => [`more${i}`, { ...x, mode: "read" as const, buffer: `more${i}` }]);
    const over = { ...at, bindings: { ...at.bindings, ...Object.fromEntries(many) } };
    expect(() => checkBindings(over)).toThrow(
      /^x: binds \d+ storage buffers \(.*more3, step, runs\), WebGPU guarantees 8; fuse less into one dispatch$/,
    );
  });

  const buffer = (name: string, length: number, role: BufferSpec["role"] = "arena"): BufferSpec => ({
    name,
    dtype: "f32",
    length,
    role,
  });
  const MiB = 2 ** 20;
  const limits = { binding: 128 * MiB, buffer: 256 * MiB };

  it("memory: names the buffer, both numbers, and how many runs fit", () => {
    const each = Math.round((2.1 * MiB) / 4);
    expect(() => checkMemory([buffer("parameters", 48 * each)], limits, 48)).not.toThrow();
    expect(() => checkMemory([buffer("parameters", 64 * each)], limits, 64)).toThrow(
      "memory: 64 runs x 2.1 MiB of parameters = 134.4 MiB, limit 128.0 MiB per binding; at most 60 runs",
    );
    expect(() => checkMemory([buffer("parameters", 64 * MiB)], limits, 1)).toThrow(
      "make the model or the batch smaller",
    );
    expect(() => checkMemory([buffer("data.x", 64 * MiB, "data")], limits, 48)).toThrow(
      "memory: data.x takes 256.0 MiB, limit 128.0 MiB per binding; use fewer rows or features",
    );
  });

  it("memory: the number of runs it names fits, and one more does not", () => {
    for (const runs of [3, 49, 48, 1000]) {
      for (const each of [64, 1000, MiB / 4, 12345]) {
        const tight = { binding: 7 * each * 4, buffer: 2 ** 31 };
        if (runs <= 7) continue;
        expect(() => checkMemory([buffer("state", runs * each)], tight, runs)).toThrow(/at most 7 runs/);
      }
    }
    const exactly = { binding: 4 * 1000, buffer: 4 * 1000 };
    expect(() => checkMemory([buffer("state", 49 * 1000)], exactly, 49)).toThrow(/at most 1 runs/);
  });

  it("memory: nothing is allocated for a population that does not fit", async () => {
    const ensured: string[] = [];
    const cpu = openCpu();
    const watched: Backend = {
      ...cpu,
      limits: { binding: 4096, buffer: 4096 },
      storage: () => {
        const storage = cpu.storage();
        return Object.assign(Object.create(storage) as Storage, {
          ensure: (buffers: readonly BufferSpec[], runs: number) => {
            ensured.push(...buffers.map(({ name }) => name));
            storage.ensure(buffers, runs);
          },
        });
      },
    };
    const runs = Array.from({ length: 48 }, () => ({ optimizer: adam(), ...one }));
    await expect(Population.open(watched, residualTask, { batch: 8, steps: 10, runs })).rejects.toThrow(
      /memory: 48 runs x .* of parameters .* limit/,
    );
    expect(ensured).toEqual([]);
  });
});
