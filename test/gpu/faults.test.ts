import { describe, expect, it } from "vitest";
import { dataset } from "../../src/data/dataset.ts";
import { defineKernel, kernels, read, write } from "../../src/kernel/kernel.ts";
import { linear, relu } from "../../src/nn/index.ts";
import { chain, defineRule, descend, link, rules, sgd } from "../../src/optim/index.ts";
import type { Binding, BufferSpec } from "../../src/scheduler/plan.ts";
import type { StepProgram } from "../../src/scheduler/program.ts";
import { seriesOf } from "../../src/scheduler/steps.ts";
import { decodeCheckpoint } from "../../src/train/checkpoint.ts";
import { NonFinite } from "../../src/train/diagnose.ts";
import { Population } from "../../src/train/population.ts";
import { race } from "../../src/train/race.ts";
import { train } from "../../src/train/train.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";
import { advance, bitsOfRun } from "./support/bits.ts";
import { counting } from "./support/counting.ts";
import { chains, runsOf, tasks } from "./support/tasks.ts";

expectNoUncapturedErrors();

/** The shared backend still trains, and to the usual loss. */
async function stillUsable(): Promise<void> {
  const run = train(await sharedBackend(), { ...tasks.tanh(), optimizer: chains.nesterov, batch: 16, steps: 32 });
  expect((await run.finish())?.loss).toBeLessThan(1);
  await run.close();
}

describe("numbers that are not finite", () => {
  it.each(["relu", "residual"] as const)(
    "%s: a learning rate of 1e30 ends the training, naming step and dispatch",
    async (name) => {
      const run = train(await sharedBackend(), {
        ...tasks[name](),
        optimizer: sgd({ lr: 1e30 }),
        batch: 16,
        steps: 100,
        seed: 1,
      });
      const error = await run.finish().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(NonFinite);
      const { step, dispatch, message } = error as NonFinite;
      expect(message).toBe(
        `train: a number that is not finite at step ${step} first in ${dispatch}; lower the learning rate or clip the gradients`,
      );
      expect(step).toBeLessThan(4);
      expect(dispatch).toMatch(/\w/);
      await run.close();
      await stillUsable();
    },
  );

  it("NaN that a relu hides from the loss still ends the training, and never becomes the last snapshot", async () => {
    // A feature that is always 0 has gradients of exactly 0, and this rule guards no division.
    const unguarded = defineRule({
      name: "unguarded",
      wgsl: "struct Unguarded { eps: f32 }\nfn unguarded(u: f32, p: f32, h: Unguarded) -> f32 { return u / (abs(u) + h.eps); }",
      options: { eps: 0 },
      reference: "(u, p, { eps }) => u / (Math.abs(u) + eps)",
    });
    const { data, ...rest } = tasks.relu();
    const x = (data.x as Uint8Array).map((value, at) => (at % data.features === 3 ? 0 : value));
    const options = {
      ...rest,
      data: dataset({ x, y: data.y, outputs: 5, scale: 1 / 255 }),
      optimizer: chain(link(unguarded), descend(0.01)),
      batch: 16,
      steps: 40,
    };
    const run = train(await sharedBackend(), options);
    const losses: number[] = [];
    const going = (async () => {
      for await (const { loss } of run) losses.push(loss);
    })();
    await expect(going).rejects.toThrow(
      /^train: a number that is not finite at step 0 first in update: unguarded > descend;/,
    );
    expect(losses.every(Number.isFinite)).toBe(true);
    await expect(run.save()).rejects.toThrow(NonFinite);
    expect(decodeCheckpoint(await run.lastCheckpoint()).step).toBe(0);
    await run.close();
    rules.delete("unguarded");
  });

  it("the step and the dispatch are the first bad ones", async () => {
    const population = await Population.open(await sharedBackend(), tasks.relu(), {
      batch: 16,
      steps: 20,
      runs: runsOf([sgd({ lr: 1e30 })]),
    });
    const metrics = await population.advance(0, 8);
    const [latched] = await population.firstBad();
    const firstBadLoss = metrics.findIndex(({ loss }) => !Number.isFinite(loss[0]));
    expect(latched).toBeDefined();
    // The loss of a step comes before its update, so the parameters are bad at the same step or the one before.
    expect(firstBadLoss - (latched as number)).toBeGreaterThanOrEqual(0);
    expect(firstBadLoss - (latched as number)).toBeLessThanOrEqual(1);
    population.dispose();
  });

  it("a diverging entry of a race is reported and leaves the others' bits as they were", async () => {
    const backend = await sharedBackend();
    const wild = sgd({ lr: 1e30 });
    const common = { ...tasks.relu(), batch: 16, steps: 40, seeds: [1, 2] };
    const calm = { first: chains.sgd, second: chains.adam };
    const [alone, mixed] = [
      race(backend, { ...common, entries: calm }),
      race(backend, { ...common, entries: { ...calm, wild } }),
    ];
    await alone.finish();
    await mixed.finish();
    for (let run = 0; run < 4; run++) {
      expect(await bitsOfRun(await mixed.population(), run)).toBe(await bitsOfRun(await alone.population(), run));
    }
    const outcome = await mixed.evaluate("validation");
    expect(outcome.map(({ entry, diverged }) => [entry, diverged !== undefined])).toEqual([
      ["first", false],
      ["first", false],
      ["second", false],
      ["second", false],
      ["wild", true],
      ["wild", true],
    ]);
    for (const { diverged } of outcome.slice(4)) expect(diverged).toBeLessThan(4);
    await alone.close();
    await mixed.close();
  });
});

describe("stopping", () => {
  const options = () => ({ ...tasks.tanh(), optimizer: chains.adam, batch: 16, steps: 10_000 });

  it("an AbortSignal ends the iteration, no further step is issued, and closing frees everything", async () => {
    const backend = await sharedBackend();
    const { counts } = await counting(async (now) => {
      const controller = new AbortController();
      const run = train(backend, { ...options(), signal: controller.signal });
      const seen: number[] = [];
      const going = (async () => {
        for await (const { step } of run) {
          seen.push(step);
          if (step === 50) controller.abort(new Error("enough"));
        }
      })();
      await expect(going).rejects.toThrow("enough");
      expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => i));
      await backend.device.queue.onSubmittedWorkDone();
      const { submits } = now;
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(now.submits).toBe(submits);
      await run.close();
    });
    expect(counts.submits).toBeLessThan(20);
    expect(counts.destroyed).toBe(counts.buffers);
    await stillUsable();
  });

  it("an abort ends a paused training too, and one that is aborted before it begins", async () => {
    const controller = new AbortController();
    const run = train(await sharedBackend(), { ...options(), signal: controller.signal });
    run.pause();
    const going = run.finish();
    setTimeout(() => controller.abort(new Error("while paused")), 20);
    await expect(going).rejects.toThrow("while paused");
    await run.close();
    const late = train(await sharedBackend(), { ...options(), signal: AbortSignal.abort(new Error("before")) });
    await expect(late.finish()).rejects.toThrow("before");
    await late.close();
  });

  it("pause, single steps and resume give the same losses as one go", async () => {
    const backend = await sharedBackend();
    const common = { ...options(), steps: 40 };
    const whole = train(backend, common);
    const want: number[] = [];
    for await (const { loss } of whole) want.push(loss);
    const end = await whole.save();
    await whole.close();

    const run = train(backend, common);
    const got: number[] = [];
    run.pause();
    for (let i = 0; i < 3; i++) got.push((await run.single())?.loss as number);
    expect(run.step).toBe(3);
    setTimeout(() => run.resume(), 20);
    for await (const { step, loss } of run) {
      got.push(loss);
      if (step !== 20) continue;
      run.pause();
      const paused = run.step;
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(run.step).toBe(paused);
      setTimeout(() => run.resume(), 10);
    }
    expect(got).toEqual(want);
    expect(await run.save()).toEqual(end);
    expect(await run.step).toBe(40);
    run.pause();
    expect(await run.single()).toBeUndefined();
    await run.close();
  });
});

const brokenWgsl = /* wgsl */ `// Doubles, with a misspelt name.
const WORKGROUP = 64u;

struct Params { grid: Grid, x: View, y: View, size: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  let at = locate(params.grid, group, groups);
  let i = at.x * WORKGROUP + lane;
  if (i < prams.size) { y[base(params.y, at) + i] = 2.0 * x[base(params.x, at) + i]; }
}
`;

const MISSPELT =
  /^misspelt\.wgsl:15:11: unresolved value 'prams' {2}\[compiled as misspelt \{WORKGROUP: 128\}\]; in: if \(i < prams\.size\)/;

describe("errors while preparing", () => {
  it("a kernel that does not compile: file, line, column, and what it was compiled as", async () => {
    defineKernel({
      name: "misspelt",
      wgsl: brokenWgsl,
      params: ["size"],
      consts: ["WORKGROUP"],
      bindings: ({ size = 0 }) => ({ x: read(size), y: write(size) }),
      threads: ({ size = 0 }) => [size],
      reference({ x, y }, { size = 0 }) {
        for (let i = 0; i < size; i++) y?.set(2 * (x?.at(i) as number), i);
      },
      bound() {},
    });
    const place = { offset: 0, run: 64, slice: 0, step: 0, pitch: 64, shape: [64], dtype: "f32" } as const;
    const x: Binding = { ...place, buffer: "x", mode: "read" };
    const y: Binding = { ...place, buffer: "y", mode: "write" };
    const buffers = ["x", "y"].map((name): BufferSpec => ({ name, dtype: "f32", length: 64, role: "pool" }));
    const program: StepProgram = {
      name: "broken",
      runs: 1,
      batch: 1,
      stepsPerSubmit: 1,
      quickStart: false,
      choices: [],
      numericClass: "sequential",
      baked: false,
      before: [],
      each: [
        {
          name: "double",
          kernel: "misspelt",
          variant: { consts: { WORKGROUP: 128 } },
          sizes: { size: 64 },
          bindings: { x, y },
          runs: { first: 0, count: 1 },
          slices: 1,
        },
      ],
      after: [],
      buffers,
      metrics: undefined,
      rows: { first: 0, count: 1 },
      order: "sequential",
    };
    const backend = await sharedBackend();
    const storage = backend.storage();
    const { counts } = await counting(async () => {
      const made = backend.program(program, storage, seriesOf([]));
      await expect(made).rejects.toThrow(MISSPELT);
      storage.dispose();
    });
    kernels.delete("misspelt");
    expect(counts.destroyed).toBe(counts.buffers);
    await stillUsable();
  });

  it("more memory than the adapter allows: in words and numbers, before any buffer is made", async () => {
    const backend = await sharedBackend();
    const wide = { ...tasks.tanh(), model: [linear(20_000), relu(), linear(20_000), relu(), linear(3)] };
    const { counts } = await counting(async () => {
      const run = train(backend, { ...wide, optimizer: chains.adam, batch: 4, steps: 10 });
      await expect(run.finish()).rejects.toThrow(
        /^memory: 1 runs x [\d.]+ MiB of \w+ = [\d.]+ MiB, limit [\d.]+ MiB per binding; make the model or the batch smaller$/,
      );
    });
    expect(counts.buffers).toBe(0);
    await stillUsable();
  });

  it("more runs than fit: says how many would", async () => {
    const backend = await sharedBackend();
    const large = { ...tasks.tanh(), model: [linear(512), relu(), linear(512), relu(), linear(3)] };
    const entries = { adam: chains.adam };
    const tooMany = Math.ceil(backend.limits.binding / (512 * 512 * 4 * 2)) + 100;
    const message = async (runs: number): Promise<string> => {
      const seeds = Array.from({ length: runs }, (_, i) => i);
      const heat = race(backend, { ...large, entries, batch: 4, steps: 10, seeds });
      const { counts, result } = await counting(() =>
        heat.ready().then(
          () => "it opened",
          (error: Error) => error.message,
        ),
      );
      expect(counts.buffers).toBe(0);
      return result;
    };
    const found =
      /^memory: (\d+) runs x ([\d.]+) MiB of (\w+) = ([\d.]+) MiB, limit ([\d.]+) MiB per binding; at most (\d+) runs$/.exec(
        await message(tooMany),
      );
    expect(found).not.toBeNull();
    const [, runs, each, , total, limit, most] = found as unknown as string[];
    expect(Number(runs)).toBe(tooMany);
    expect(Number(each) * tooMany).toBeCloseTo(Number(total), -2);
    // The number of runs comes of bytes, which are said in MiB to a tenth.
    expect(Math.abs(Number(most) - (Number(limit) * tooMany) / Number(total))).toBeLessThanOrEqual(1);
    await stillUsable();
  });

  it("a batch larger than the data, a bad seed, a wrong last layer, an unknown option: before any buffer is made", async () => {
    const backend = await sharedBackend();
    const good = { ...tasks.tanh(), optimizer: chains.adam, batch: 16, steps: 10 };
    const { counts } = await counting(async () => {
      const failing = (change: object) => train(backend, { ...good, ...change }).finish();
      await expect(failing({ batch: 1000 })).rejects.toThrow(
        /^train: batch 1000 is larger than the 96 training rows of blobs/,
      );
      await expect(failing({ seed: -1 })).rejects.toThrow(/^train: seed is -1, expected an integer >= 0/);
      await expect(failing({ model: [linear(4)] })).rejects.toThrow(
        /^task: the model ends in \[16, 4\], blobs has 3 classes/,
      );
      await expect(failing({ optimiser: 1 })).rejects.toThrow(
        /^train: unknown option "optimiser"; did you mean "optimizer"\?/,
      );
      await expect(failing({ steps: 0 })).rejects.toThrow(/^train: steps is 0, expected an integer >= 1/);
    });
    expect(counts.buffers).toBe(0);
    await stillUsable();
  });
});

it("a population of a step too many says so", async () => {
  const population = await Population.open(await sharedBackend(), tasks.tanh(), {
    batch: 16,
    steps: 20,
    runs: runsOf([chains.sgd]),
    stepsPerSubmit: 4,
  });
  await expect(population.advance(0, 5)).rejects.toThrow(/^run: 5 steps, expected 1 to 4/);
  await advance(population, 0, 8);
  population.dispose();
});
