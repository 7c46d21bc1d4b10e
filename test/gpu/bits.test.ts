import { describe, expect, it } from "vitest";
import { dataset } from "../../src/data/index.ts";
import { crossEntropy, linear, relu } from "../../src/nn/index.ts";
import { adam } from "../../src/optim/index.ts";
import { pinned } from "../../src/scheduler/pinned.ts";
import type { Tuning } from "../../src/scheduler/tuning.ts";
import { Population, type PopulationOptions } from "../../src/train/population.ts";
import { expectNoUncapturedErrors, freshBackend, sharedBackend } from "./support/backend.ts";
import { advance, bitsOf, expectSameArithmetic } from "./support/bits.ts";
import { chains, runsOf, tasks } from "./support/tasks.ts";

expectNoUncapturedErrors();

const STEPS = 50;

const optimizers = {
  ...{ relu: chains.adam, tanh: chains.nesterov, residual: chains.cut, sigmoid: chains.adamw },
  ...{ dropout: chains.adam, activations: chains.momentum, norm: chains.adam, soft: chains.momentum },
} as const;
type Name = keyof typeof optimizers;
const names = Object.keys(optimizers) as Name[];

type Look = (population: Population, bits: string) => Promise<void>;

/** The bits of 50 steps of one run; `look` sees them with the population that left them. */
async function trained(name: Name, options: Partial<PopulationOptions> = {}, look?: Look): Promise<string> {
  const runs = runsOf([optimizers[name]]);
  const population = await Population.open(await sharedBackend(), tasks[name](), {
    batch: 16,
    steps: STEPS,
    runs,
    ...options,
  });
  await advance(population, 0, STEPS);
  const bits = await bitsOf(population);
  const [loss] = await population.evaluate("train");
  await look?.(population, bits);
  population.dispose();
  expect(loss?.loss).toBeLessThan(10);
  return bits;
}

const known = new Map<Name, Promise<string>>();
function usual(name: Name): Promise<string> {
  const bits = known.get(name) ?? trained(name);
  known.set(name, bits);
  return bits;
}

it.each(names)("%s: the unfused plan gives the fused one's bits", async (name) => {
  const wanted = await usual(name);
  await trained(name, { fused: false }, (population, bits) => expectSameArithmetic(population, bits, wanted));
});

it.each(names)("%s: the same seed gives the same bits, another seed others", async (name) => {
  expect(await trained(name)).toBe(await usual(name));
  const [run] = runsOf([optimizers[name]]);
  expect(await trained(name, { runs: [{ ...run!, init: 1 }] })).not.toBe(await usual(name));
  expect(await trained(name, { runs: [{ ...run!, order: 1 }] })).not.toBe(await usual(name));
});

it.each([1, 7, 16])("steps a submit change no bit: %i", async (stepsPerSubmit) => {
  for (const name of names) expect(await trained(name, { stepsPerSubmit })).toBe(await usual(name));
});

it("Params in a uniform give the bits of Params in the text", async () => {
  const { tuning } = await sharedBackend();
  for (const name of names) {
    const wanted = await usual(name);
    const other = { ...tuning, baked: !tuning.baked };
    await trained(name, { tuning: other }, (population, bits) => expectSameArithmetic(population, bits, wanted));
  }
});

it("a tile swapped in mid-run changes no bit", async () => {
  // A device of its own: nothing is compiled yet, so it begins on the quickest tile.
  const backend = await freshBackend();
  const tuning = { ...pinned("16x8"), quickStart: true };
  const runs = runsOf([optimizers.tanh]);
  const population = await Population.open(backend, tasks.tanh(), { batch: 16, steps: STEPS, runs, tuning });
  const compiled = backend.pipelines.count;
  await advance(population, 0, 20);
  await population.settled;
  expect(backend.pipelines.count).toBeGreaterThan(compiled);
  await advance(population, 20, STEPS);
  expect(await bitsOf(population)).toBe(await usual("tanh"));
  population.dispose();
  backend.close();
});

it("with a class' own table it begins on other kernels, with the bits of those it goes on with", async () => {
  const bits = async (begin: boolean, wanted?: string): Promise<string> => {
    const backend = await freshBackend();
    const runs = runsOf([optimizers.relu]);
    const tuning = { ...backend.tuning, quickStart: begin };
    const population = await Population.open(backend, tasks.relu(), { batch: 16, steps: STEPS, runs, tuning });
    const compiled = backend.pipelines.count;
    // All in one submit: whatever waits comes after it.
    await advance(population, 0, 16);
    expect(backend.pipelines.count).toBe(compiled);
    await population.settled;
    expect(backend.pipelines.count > compiled).toBe(begin);
    await advance(population, 16, STEPS);
    const found = await bitsOf(population);
    if (wanted !== undefined) await expectSameArithmetic(population, found, wanted);
    population.dispose();
    backend.close();
    return found;
  };
  await bits(true, await bits(false));
});

it("a 784-256-10 classifier takes at most 10 pipelines, those that it begins on with them", async () => {
  const backend = await freshBackend();
  const [x, y] = [new Uint8Array(64 * 784).fill(9), Uint32Array.from({ length: 64 }, (_, i) => i % 10)];
  const data = dataset({ name: "plain", x, y, outputs: 10, split: { train: 1 }, scale: 1 / 255 });
  const task = { data, model: [linear(256), relu(), linear(10)], loss: crossEntropy() };
  const population = await Population.open(backend, task, { batch: 64, steps: 4, runs: runsOf([adam()]) });
  const begun = backend.pipelines.count;
  await advance(population, 0, 2);
  await population.settled;
  expect(backend.pipelines.count).toBeGreaterThan(begun);
  expect(backend.pipelines.count).toBeLessThanOrEqual(10);
  population.dispose();
  backend.close();
});

const tunings: readonly Tuning[] = [
  pinned("4x4"),
  pinned("16x4"),
  pinned("16x8"),
  pinned("16x16"),
  pinned("shared"),
  pinned("shared_1x4"),
  pinned("shared_8x8"),
  pinned("start"),
  pinned("4x4", 8),
  pinned("16x4", 8),
  pinned("16x8", 8),
  pinned("16x16", 8),
  pinned("shared", 8),
  pinned("shared_1x4", 8),
  pinned("shared_8x8", 8),
  pinned("start", 8),
];

describe.each(tunings)("$name, gather fused up to $gatherTiles tiles", (tuning) => {
  it.each(["relu", "residual", "dropout"] as const)("%s: no tile changes a bit", async (name) => {
    expect(await trained(name, { tuning })).toBe(await usual(name));
  });
});
