// Bits of a training: fingerprints of parameters and state after some steps, whole or of one run.
import { hashParts } from "../../../src/core/hash.ts";
import type { Optimizer } from "../../../src/optim/chain.ts";
import { compileChain } from "../../../src/optim/compile.ts";
import type { Population } from "../../../src/train/population.ts";

/** Trains steps from .. to - 1, as many a submit as the program takes. */
export async function advance(population: Population, from: number, to: number): Promise<void> {
  const { stepsPerSubmit } = population.program;
  for (let t = from; t < to; t += stepsPerSubmit) await population.advance(t, Math.min(stepsPerSubmit, to - t));
}

/** Parameters and state of all runs as they lie. */
export async function bitsOf({ storage }: Population): Promise<string> {
  const [parameters, state] = [await storage.read("parameters"), await storage.read("state")];
  return hashParts([parameters, state]);
}

const slotsOf = (optimizer: Optimizer): number => compileChain(optimizer).slots;

/** Parameters and state of run `run` of the caller; only the slots that its own chain has. */
export async function bitsOfRun(population: Population, run: number): Promise<string> {
  const { storage, arenas, options } = population;
  const [parameters, state] = [await storage.read("parameters"), await storage.read("state")];
  const { size, runs } = arenas;
  const at = population.placeOf(run) * size;
  const slots = Array.from({ length: slotsOf(options.runs[run]?.optimizer as Optimizer) }, (_, slot) => {
    const start = slot * runs * size + at;
    return state.slice(start, start + size);
  });
  return hashParts([parameters.slice(at, at + size), ...slots]);
}
