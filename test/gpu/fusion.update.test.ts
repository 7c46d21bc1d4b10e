// The update in the stores of the weight gradients equals the update on its own, bit for bit: every chain that can, every tile,
// widths that are no multiples of 4, races; and what a training keeps, resumes and looks into stays what it was.
import { beforeAll, describe, expect, it, test } from "vitest";
import { type Tile, tiles } from "../../src/ops/matmul.ts";
import type { Optimizer } from "../../src/optim/chain.ts";
import { compileChain } from "../../src/optim/compile.ts";
import { adam, cosine } from "../../src/optim/index.ts";
import { pinned } from "../../src/scheduler/pinned.ts";
import { SOFTWARE } from "../../src/scheduler/software.ts";
import { GPU } from "../../src/scheduler/gpu.ts";
import type { Tuning } from "../../src/scheduler/tuning.ts";
import type { Dispatch } from "../../src/scheduler/plan.ts";
import { isSimple } from "../../src/scheduler/update.ts";
import { Population, type RunSpec } from "../../src/train/population.ts";
import { fingerprint } from "../../src/validate/probe.ts";
import "../../src/ops/matmul_wide.ts";
import { everything } from "../harness/everything.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";
import { advance, bitsOf } from "./support/bits.ts";
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

/** A dispatch's text with one thing wrong in what the pass has put into it. */
function faulty(dispatch: Dispatch, from: string, to: string): Dispatch {
  const { variant } = dispatch;
  const wrong = (text: string): string => text.replaceAll(from, to);
  const hooks = Object.fromEntries(Object.entries(variant.hooks ?? {}).map(([name, text]) => [name, wrong(text)]));
  return { ...dispatch, variant: { ...variant, hooks, fragments: (variant.fragments ?? []).map(wrong) } };
}

describe("a mistake in the text is seen in the bits", async () => {
  const FAULTS: readonly [string, string, string][] = [
    ["uphill", "p - chain(", "p + chain("],
    ["another tensor's state", "params.y.offset + row", "row"],
    ["a row too far", "row * params.y.pitch", "(row + 1u) * params.y.pitch"],
    ["every column the first", "+ column / 4u", ""],
    ["the biases in the second row", "base(params.sums, at)", "base(params.y, at) + params.y.pitch"],
    ["no biases", "|| row == SUMS_ROW", ""],
    ["hyperparameters of the first run", "scalar(at, ", "scalar(Place(at.x, at.y, 0u, 0u, 0u, true), "],
  ];
  const runs = runsOf(three as Optimizer[]);
  const truth = (async () => {
    const population = await open("relu", runs, pinned("4x4", 0, 0));
    await advance(population, 0, STEPS);
    return { bits: await bitsOf(population), population };
  })();

  it.each([["none", "", ""] as const, ...FAULTS])("%s", async (name, from, to) => {
    const joined = await open("relu", runs, pinned("4x4", 0, MOST));
    const { backend, storage, series, program: plan } = joined;
    const each = plan.each.map((at) => (from ? faulty(at, from, to) : at));
    if (from) expect(JSON.stringify(each)).not.toBe(JSON.stringify(plan.each));
    const program = await backend.program({ ...plan, each }, storage, series);
    for (let t = 0; t < STEPS; t += 3) await program.run(t, 3);
    if (exact) expect((await bitsOf(joined)) === (await truth).bits).toBe(name === "none");
    program.dispose();
    joined.dispose();
  });
});

it("the step of the first number that is not finite is the same", async () => {
  const steep = [1e30, 0.01, 1e37].map((lr) => adam({ lr }));
  const found = await Promise.all(
    [MOST, 0].map(async (most) => {
      const population = await open("relu", runsOf(steep), pinned("4x4", 0, most));
      await advance(population, 0, STEPS);
      const bad = await population.firstBad();
      population.dispose();
      return bad;
    }),
  );
  expect(found[0]).toEqual(found[1]);
  expect(found[0]?.map((step) => step !== undefined)).toEqual([true, false, true]);
});

it("a training goes on bit for bit from a snapshot of either plan in the other", async () => {
  const runs = runsOf(three as Optimizer[]);
  const [joined, apart] = [
    await open("relu", runs, pinned("16x4", 0, MOST)),
    await open("relu", runs, pinned("16x4", 0, 0)),
  ];
  await advance(joined, 0, 3);
  await advance(apart, 0, 3);
  const [left, right] = [await joined.snapshot(3), await apart.snapshot(3)];
  joined.restore(right);
  apart.restore(left);
  await advance(joined, 3, STEPS);
  await advance(apart, 3, STEPS);
  if (exact) expect(await bitsOf(joined)).toBe(await bitsOf(apart));
  joined.dispose();
  apart.dispose();
});
