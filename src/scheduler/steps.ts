// What the host computes for each step: its number, how many rows of its batch count, and the distinct series' values.
import type { CompiledChain } from "../optim/compile.ts";
import type { Scalar } from "../optim/scalars.ts";
import type { StepProgram } from "./program.ts";

/** u32 words before the values in a step's slot: t, index, valid, flags. */
export const STEP_HEADER = 4;

/** The distinct schedules and corrections of a population; number 0 is the constant 1. */
export interface Series {
  readonly keys: readonly string[];
  readonly at: readonly ((t: number) => number)[];
}

export function seriesOf(chains: readonly CompiledChain[]): Series {
  const found = new Map<string, (t: number) => number>([["1", () => 1]]);
  for (const { key, at } of chains.flatMap(({ scalars }) => scalars)) if (key !== undefined && at) found.set(key, at);
  return { keys: [...found.keys()], at: [...found.values()] };
}

const bits = new DataView(new ArrayBuffer(4));

/** A run's hyperparameters as the update kernel reads them: factor (as bits) and series of each scalar. */
export function hyperWords(scalars: readonly Scalar[], series: Series): number[] {
  return scalars.flatMap(({ factor, key }) => {
    bits.setFloat32(0, factor);
    return [bits.getUint32(0), key === undefined ? 0 : series.keys.indexOf(key)];
  });
}

/** Every run's hyperparameters, [run][2 scalars]. */
export function hyperTable(
  chains: readonly CompiledChain[],
  series: Series,
  scalars: number,
): Uint32Array<ArrayBuffer> {
  const table = new Uint32Array(chains.length * 2 * scalars);
  chains.forEach((chain, i) => void table.set(hyperWords(chain.scalars, series), i * 2 * scalars));
  return table;
}

/** How many rows of step t's batch count: all in training, what is left of the data at the end of an evaluation. */
export function validRows({ order, batch, rows }: StepProgram, t: number): number {
  return order === "sequential" ? Math.max(0, Math.min(batch, rows.count - t * batch)) : batch;
}

/** Fills one step's slot of a table of 32-bit words. */
export function writeStep(
  table: { readonly words: Uint32Array; readonly floats: Float32Array },
  at: number,
  step: { readonly t: number; readonly index: number; readonly valid: number; readonly series: Series },
): void {
  const { t, index, valid, series } = step;
  table.words[at] = t;
  table.words[at + 1] = index;
  table.words[at + 2] = valid;
  table.words[at + 3] = 0;
  for (let i = 0; i < series.at.length; i++)
    table.floats[at + STEP_HEADER + i] = (series.at[i] as (t: number) => number)(t);
}
