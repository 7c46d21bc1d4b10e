// What a training begins on: which texts its dispatches share, and what of their Params is left to read.
import { beforeAll, describe, expect, it } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import { bake } from "../../src/backend/webgpu/bake.ts";
import { mergesOf } from "../../src/backend/webgpu/pipelines.ts";
import { dataset } from "../../src/data/index.ts";
import { compose } from "../../src/kernel/compose.ts";
import { kernelNamed } from "../../src/kernel/kernel.ts";
import { crossEntropy, linear, relu, tanh } from "../../src/nn/index.ts";
import type { Layer } from "../../src/nn/layer.ts";
import { adam } from "../../src/optim/index.ts";
import type { Dispatch } from "../../src/scheduler/plan.ts";
import { SOFTWARE } from "../../src/scheduler/software.ts";
import { quick } from "../../src/scheduler/tuning.ts";
import { Population } from "../../src/train/population.ts";

/** The plan of one run with a class' own table: its dispatches, and those it begins on. */
async function begun(features: number, model: readonly Layer[]): Promise<{ planned: Dispatch[]; soon: Dispatch[] }> {
  const [x, y] = [new Uint8Array(64 * features), Uint32Array.from({ length: 64 }, (_, i) => i % 10)];
  const data = dataset({ name: "bytes", x, y, outputs: 10, split: { train: 1 } });
  const runs = [{ optimizer: adam(), init: 1, order: 1 }];
  const tuning = { ...SOFTWARE, quads: false };
  const task = { data, model, loss: crossEntropy() };
  const population = await Population.open(openCpu(), task, { batch: 32, steps: 10, runs, tuning });
  population.dispose();
  const { before, each, after } = population.program;
  const planned = [...before, ...each, ...after];
  return { planned, soon: planned.map((at) => quick(at) ?? at) };
}

const textOf = (at: Dispatch, beside: readonly Dispatch[]): string =>
  bake(at, compose(kernelNamed(at.kernel), at.variant, mergesOf(at)), beside);

const reads = (text: string): string[] => [...new Set(text.match(/\bparams\.\w+(\.\w+)?/g))].sort();

describe("784-256-10", () => {
  let plan: Awaited<ReturnType<typeof begun>>;
  beforeAll(async () => {
    plan = await begun(784, [linear(256), relu(), linear(10)]);
  });

  it("begins on the short kernels, each of which knows the long one's bindings", () => {
    const kernels = plan.soon.map(({ kernel }) => kernel);
    expect(kernels).toEqual([
      ...["batch_rows", "gather", "take"],
      ...["matmul_start", "head_start", "matmul_start", "matmul_start", "batch_sums"],
    ]);
    expect(plan.soon.every((at) => quick(at) === undefined)).toBe(true);
  });

  it("takes 10 pipelines in all, 7 of them to begin on", () => {
    const soon = plan.soon.map((at) => textOf(at, plan.soon));
    const all = [...soon, ...plan.planned.map((at) => textOf(at, plan.soon))];
    expect([new Set(soon).size, new Set(all).size]).toEqual([7, 10]);
  });

  it("reads of Params what its weight gradients do not have in common, and no other dispatch reads any", () => {
    const [first, second] = plan.soon.slice(-3) as [Dispatch, Dispatch];
    const text = textOf(first, plan.soon);
    expect(textOf(second, plan.soon)).toBe(text);
    // Both sum over the batch and find schedules and the latch in one place; sizes and places are their own.
    expect(text).toContain("let depth = 32u;");
    expect(reads(text)).toEqual(expect.arrayContaining(["params.m", "params.n", "params.y.offset", "params.y.pitch"]));
    expect(reads(text).filter((use) => /^params\.(k$|grid\.slices|y\.slice|hyper|latch)/.test(use))).toEqual([]);
    for (const at of [...plan.soon.slice(0, -3), ...plan.soon.slice(-1)])
      expect(textOf(at, plan.soon)).not.toContain("<uniform>");
  });

  it("a weight gradient alone reads none", () => {
    const [first] = plan.soon.slice(-3) as [Dispatch];
    expect(textOf(first, [first])).not.toContain("<uniform>");
  });
});

it("three layers begin on one text for all weight gradients", async () => {
  const { soon } = await begun(20, [linear(32), tanh(), linear(24), tanh(), linear(10)]);
  const gradients = soon.filter(({ kernel, variant }) => kernel === "matmul_start" && variant.consts?.A_TRANSPOSED);
  expect(gradients.length).toBe(3);
  expect(new Set(gradients.map((at) => textOf(at, soon))).size).toBe(1);
});
