// What a population's buffers begin with: data, run table, hyperparameters, and every run's start.
import type { Storage } from "../backend/backend.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Parameter } from "../nn/layer.ts";
import { type Arenas, reducedRoom } from "../scheduler/arenas.ts";
import { hyperTable, type Series } from "../scheduler/steps.ts";
import { type Laid, startsOf } from "./layout.ts";
import { writeData } from "./task.ts";

/** No step has been bad. */
export const CLEAR = 0xffffffff;

/** A population as it lies. */
export interface Lain {
  readonly arenas: Arenas;
  readonly laid: Laid;
  readonly parameters: readonly Parameter[];
}

/** All of it. */
export function fill(
  storage: Storage,
  { data, series, ...lain }: Lain & { readonly data: Dataset; readonly series: Series },
): void {
  const { runs, orders, chains } = lain.laid;
  writeData(storage, data);
  storage.write("orders", Uint32Array.from(orders));
  const table = runs.flatMap(({ order, init }, i) => [orders.indexOf(order), init, init, i]);
  storage.write("runs", Uint32Array.from(table));
  storage.write("hyper", hyperTable(chains, series, lain.arenas.scalars));
  fillStart(storage, lain);
}

/** What training changes: every run's start by its own seed, state 0. */
export function fillStart(storage: Storage, { arenas: of, laid: { runs }, parameters }: Lain): void {
  storage.write("parameters", startsOf(runs, of, parameters));
  storage.write("state", new Float32Array(Math.max(of.slots, 1) * runs.length * of.size));
  storage.write("latch", new Uint32Array(runs.length).fill(CLEAR));
  const room = reducedRoom(of);
  if (room > 0) storage.write("reduced", new Float32Array(runs.length * room));
}
