// Subgroup reductions: an option of the tuning table that changes the text of a dispatch and no bit.
import { expect, it } from "vitest";
import { openWebGpu } from "../../src/backend/webgpu/index.ts";
import { inOrder } from "../../src/backend/webgpu/subgroups.ts";
import { SOFTWARE } from "../../src/scheduler/software.ts";
import type { Tuning } from "../../src/scheduler/tuning.ts";
import { Population } from "../../src/train/population.ts";
import { expectNoUncapturedErrors } from "./support/backend.ts";
import { advance, bitsOf, expectSameArithmetic } from "./support/bits.ts";
import { chains, runsOf, tasks } from "./support/tasks.ts";

expectNoUncapturedErrors();

/** Bits after ten clipped steps, and the kernels of a step; the bits are to be `wanted` where they are given. */
async function trained(
  tuning: Tuning,
  wanted?: string,
): Promise<{ bits: string; kernels: string[]; subgroups: boolean }> {
  const backend = await openWebGpu({ tuning });
  const runs = runsOf([chains.cut], 2);
  const population = await Population.open(backend, tasks.residual(), { batch: 16, steps: 10, runs });
  await advance(population, 0, 10);
  await population.settled;
  const made = {
    bits: await bitsOf(population),
    kernels: population.program.each.map(({ kernel }) => kernel),
    subgroups: backend.tuning.subgroups === true,
  };
  if (wanted) await expectSameArithmetic(population, made.bits, wanted);
  population.dispose();
  backend.close();
  return made;
}

it("sums by subgroups have the bits of sums without", async () => {
  const plain = await trained(SOFTWARE);
  const shuffled = await trained({ ...SOFTWARE, subgroups: true }, plain.bits);
  expect(plain.kernels).toContain("block_sums");
  expect(shuffled.subgroups).toBe(true);
  expect(shuffled.kernels).toContain("block_sums_subgroup");
  expect(shuffled.kernels).not.toContain("block_sums");
});

it("falls back, and says so in its table, on a device without subgroups", async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter?.requestDevice();
  if (!device) throw new Error("no device");
  const backend = await openWebGpu({ device, tuning: { ...SOFTWARE, subgroups: true } });
  expect(device.features.has("subgroups")).toBe(false);
  expect(backend.tuning.subgroups).toBe(false);
  device.destroy();
});

it("lanes count as in order only where they are", () => {
  const lanes = (width: number, number = (i: number): number => i % width): Uint32Array =>
    Uint32Array.from({ length: 128 }, (_, i) => (i % 2 === 1 ? width : number(i >> 1)));
  for (const width of [1, 4, 8, 32, 64, 128]) expect(inOrder(lanes(width)), String(width)).toBe(true);
  expect(inOrder(lanes(12))).toBe(false);
  expect(inOrder(lanes(0, () => 0))).toBe(false);
  expect(inOrder(lanes(32, (i) => 31 - (i % 32)))).toBe(false);
  expect(inOrder(lanes(4).with(7, 8))).toBe(false);
});
