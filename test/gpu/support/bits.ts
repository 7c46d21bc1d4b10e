// Bits of a training: fingerprints of parameters and state after some steps, whole or of one run.
import { expect } from "vitest";
import { hashParts } from "../../../src/core/hash.ts";
import type { Optimizer } from "../../../src/optim/chain.ts";
import { compileChain } from "../../../src/optim/compile.ts";
import { lockstep } from "../../../src/backend/lockstep.ts";
import type { WebGpuBackend } from "../../../src/backend/webgpu/index.ts";
import type { Population } from "../../../src/train/population.ts";
import { type Fingerprint, fingerprint } from "../../../src/validate/probe.ts";

/** Trains steps from .. to - 1, as many a submit as the program takes. */
export async function advance(population: Population, from: number, to: number): Promise<void> {
  const { stepsPerSubmit } = population.program;
  for (let t = from; t < to; t += stepsPerSubmit) await population.advance(t, Math.min(stepsPerSubmit, to - t));
}

/** Parameters and slots of state of a run: every tensor with its padding, not what lies between tensors, which is nobody's. */
async function tensorsOf({ storage, arenas }: Population, run: number, slots: number): Promise<Float32Array[]> {
  const { segments, size, runs } = arenas;
  const [parameters, state] = (await Promise.all([storage.read("parameters"), storage.read("state")])) as [
    Float32Array,
    Float32Array,
  ];
  return segments.flatMap(({ offset, rows, pitch }) => {
    const [from, to] = [run * size + offset, run * size + offset + rows * pitch];
    const starts = Array.from({ length: slots }, (_, slot) => slot * runs * size);
    return [parameters.slice(from, to), ...starts.map((start) => state.slice(start + from, start + to))];
  });
}

/** Parameters and state of all runs as they lie. */
export async function bitsOf(population: Population): Promise<string> {
  const { runs, slots } = population.arenas;
  const all: Float32Array[] = [];
  for (let run = 0; run < runs; run++) all.push(...(await tensorsOf(population, run, slots)));
  return hashParts(all);
}

const slotsOf = (optimizer: Optimizer): number => compileChain(optimizer).slots;

/** Parameters and state of run `run` of the caller; only the slots that its own chain has. */
export async function bitsOfRun(population: Population, run: number): Promise<string> {
  const slots = slotsOf(population.options.runs[run]?.optimizer as Optimizer);
  return hashParts(await tensorsOf(population, population.placeOf(run), slots));
}

const probed = new Map<WebGpuBackend, Promise<Fingerprint>>();

/** What a backend's adapter does with f32; asked once. */
export function fingerprintOf(backend: WebGpuBackend): Promise<Fingerprint> {
  const found = probed.get(backend) ?? fingerprint(backend);
  probed.set(backend, found);
  return found;
}

/**
 * That a plan leaves the bits of another text of the same arithmetic. An adapter that contracts multiply-adds may round the two
 * apart; there every dispatch of the plan must instead lie within its bound.
 */
export async function expectSameArithmetic(population: Population, found: string, wanted: string): Promise<void> {
  const backend = population.backend as WebGpuBackend;
  const { contracts, rounding } = await fingerprintOf(backend);
  if (!contracts) return expect(found).toBe(wanted);
  const { program, storage, series } = population;
  const made = await backend.program(program, storage, series);
  await lockstep(made, population, { count: 2, rounding });
  made.dispose();
}
