// The update in the stores of the weight gradients equals the update on its own, bit for bit: every chain that can, every tile,
// widths that are no multiples of 4, races; and what a training keeps, resumes and looks into stays what it was.
import { beforeAll, describe, expect, it, test } from "vitest";
import { hashParts } from "../../src/core/hash.ts";
import { type Tile, tiles } from "../../src/ops/matmul.ts";
import type { Optimizer } from "../../src/optim/chain.ts";
import { compileChain } from "../../src/optim/compile.ts";
import { adam, cosine } from "../../src/optim/index.ts";
import { pinned } from "../../src/scheduler/pinned.ts";
import { SOFTWARE } from "../../src/scheduler/software.ts";
import { GPU } from "../../src/scheduler/gpu.ts";
import type { Tuning } from "../../src/scheduler/tuning.ts";
import { isSimple } from "../../src/scheduler/update.ts";
import { Population, type RunSpec } from "../../src/train/population.ts";
import { fingerprint } from "../../src/validate/probe.ts";
import "../../src/ops/matmul_wide.ts";
import { everything } from "../harness/everything.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";
import { advance } from "./support/bits.ts";
import { runsOf, tasks } from "./support/tasks.ts";

expectNoUncapturedErrors();

const MOST = 2 ** 20;
const STEPS = 6;

/** On an adapter that contracts, an update is contracted otherwise where a product comes before it: held to its bound instead. */
let exact = true;

beforeAll(async () => {
  exact = !(await fingerprint(await sharedBackend())).contracts;
});

const open = async (task: keyof typeof tasks, runs: readonly RunSpec[], tuning: Tuning, fused = true) =>
  Population.open(await sharedBackend(), tasks[task](), {
    ...{ batch: 16, steps: STEPS, stepsPerSubmit: 4, runs, tuning, fused },
  });

const updatesOf = ({ program: { each } }: Population): number =>
  each.filter(({ kernel }) => kernel === "update").length;

/** Parameters and state of all tensors with their padding; not what lies between tensors, where some rules keep a number that is not 0. */
async function bitsOf({ storage, arenas: { segments, size, slots, runs } }: Population): Promise<string> {
  const [parameters, state] = [await storage.read("parameters"), await storage.read("state")];
  const parts = segments.flatMap(({ offset, rows, pitch }) =>
    Array.from({ length: runs }, (_, run) => {
      const [from, to] = [run * size + offset, run * size + offset + rows * pitch];
      const own = Array.from({ length: slots }, (_, slot) => slot * runs * size);
      return [parameters.slice(from, to), ...own.map((start) => state.slice(start + from, start + to))];
    }).flat(),
  );
  return hashParts(parts);
}

/** Trains with the update in the stores and apart; the numbers of dispatches a step. */
async function same(task: keyof typeof tasks, runs: readonly RunSpec[], tuning: Tuning): Promise<[number, number]> {
  const [joined, apart] = [await open(task, runs, tuning), await open(task, runs, { ...tuning, updateInGradient: 0 })];
  expect([updatesOf(joined), updatesOf(apart)]).toEqual([0, 1]);
  await joined.settled;
  for (const population of [joined, apart]) await advance(population, 0, STEPS);
  if (exact) expect(await bitsOf(joined)).toBe(await bitsOf(apart));
  expect(await joined.firstBad()).toEqual(runs.map(() => undefined));
  // What is read in place of gradients: nothing was ever written there.
  expect((await joined.storage.read("gradients")).every((word) => word === 0)).toBe(true);
  expect((await apart.storage.read("gradients")).some((word) => word !== 0)).toBe(true);
  const counts: [number, number] = [joined.program.each.length, apart.program.each.length];
  joined.dispose();
  apart.dispose();
  return counts;
}

const simple = Object.entries(everything).filter(([, optimizer]) => isSimple(compileChain(optimizer)));

test("there are many chains of one phase over single numbers", () => {
  expect(simple.length).toBeGreaterThan(15);
});

test.each(simple)("%s", async (_, optimizer) => {
  await same("tanh", runsOf([optimizer], 2), pinned("4x4", 0, MOST));
});

const three = [
  adam({ lr: cosine(0.02, 6) }),
  adam({ lr: 0.01, beta1: 0.5 }),
  adam({ lr: 0.1, eps: 1e-3, weightDecay: 0 }),
].map((optimizer) => ({ ...optimizer }));

describe.each(Object.keys(tiles) as Tile[])("tile %s", (tile) => {
  it.each(["relu", "tanh", "sine"] as const)("%s, three runs of their own numbers", async (task) => {
    const [joined, apart] = await same(task, runsOf(three as Optimizer[]), pinned(tile, 0, MOST));
    expect(joined).toBe(apart - 1);
  });
});

it.each([
  ["software", SOFTWARE],
  ["gpu", GPU],
])("with the table of the class %s, begun on quick tiles", async (_, table) => {
  await same("relu", runsOf([adam({ lr: 0.02 })]), { ...table, updateInGradient: MOST, gatherTiles: 0 });
});
