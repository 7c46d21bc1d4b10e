// Measures which tile suits which shape on this adapter, and how the update's threads are best laid out: a tuning table.
import { openWebGpu, type WebGpuBackend } from "../../src/backend/webgpu/index.ts";
import { parameter } from "../../src/graph/node.ts";
import type { Consts } from "../../src/kernel/kernel.ts";
import { compileChain } from "../../src/optim/compile.ts";
import { adam } from "../../src/optim/index.ts";
import { arenas } from "../../src/scheduler/arenas.ts";
import { type Series, seriesOf } from "../../src/scheduler/steps.ts";
import { pinned } from "../../src/scheduler/pinned.ts";
import { type TileRow, type Tuning, tune as tuneWork } from "../../src/scheduler/tuning.ts";
import { updateWork } from "../../src/scheduler/parts.ts";
import type { Work } from "../../src/scheduler/work.ts";
import type { Effort, TuneResult } from "../result.ts";
import { chained, type Layout, type Made, PLAIN, product, SUBMIT } from "./chained.ts";
import { stretch } from "./clock.ts";
import { say } from "./say.ts";
import { type Candidate, rowsOf as tableOf, type Scored } from "../tune.ts";

/** Rows or columns of a result that stand for a class of them, and the largest of the class. */
const CLASSES = [
  { size: 4, most: 4 },
  { size: 12, most: 12 },
  { size: 16, most: 16 },
  { size: 48, most: 64 },
  { size: 160, most: Number.POSITIVE_INFINITY },
] as const;

const DEPTHS = [64, 256];
const LAYOUTS: readonly Layout[] = ["nn", "nt", "tn"];

const EVERYWHERE: readonly Candidate[] = [
  { tile: "4x4" },
  { tile: "4x4", consts: { WORKGROUP_X: 4, WORKGROUP_Y: 4 } },
  { tile: "4x4", consts: { WORKGROUP_X: 1, WORKGROUP_Y: 8 } },
  { tile: "4x4", consts: { WORKGROUP_X: 4, WORKGROUP_Y: 1 } },
  { tile: "shared" },
];

/** Beside those: wide tiles for one kind of adapter, more ways through workgroup memory for the other. */
const CANDIDATES: Readonly<Record<"software" | "gpu", readonly Candidate[]>> = {
  software: [...EVERYWHERE, { tile: "16x4" }, { tile: "16x8" }, { tile: "16x16" }],
  gpu: [
    ...EVERYWHERE,
    { tile: "shared", consts: { DEPTH: 32 } },
    { tile: "shared", consts: { WORKGROUP_X: 16, WORKGROUP_Y: 16 } },
    { tile: "shared_1x4" },
    { tile: "shared_1x4", consts: { WORKGROUP_Y: 16 } },
    { tile: "shared_8x8", consts: { WORKGROUP_X: 16, WORKGROUP_Y: 16 } },
  ],
};

/** Milliseconds of chained work a timing takes at least. */
const LONG = 10;
const ROUNDS = 3;

/** Microseconds of the dispatches of a program that does nothing else, the least of a few rounds. */
async function micros(backend: WebGpuBackend, made: Made, series: Series): Promise<number> {
  const { run, dispose } = await chained(backend, made, series);
  let submits = 1;
  while ((await stretch(run, submits * SUBMIT)).millis < LONG) submits *= 2;
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const { millis } = await stretch(run, submits * SUBMIT);
    least = Math.min(least, (1000 * millis) / (submits * SUBMIT));
  }
  dispose();
  return least;
}

/** Every candidate's mean microseconds (geometric) over layouts and depths, for results of one class. */
async function score(backend: WebGpuBackend, m: number, n: number): Promise<Scored["scores"]> {
  const candidates = CANDIDATES[backend.adapter.software ? "software" : "gpu"];
  const logs = candidates.map(() => 0);
  let count = 0;
  for (const layout of LAYOUTS) {
    for (const k of DEPTHS) {
      count++;
      for (const [i, { tile, consts = {} }] of candidates.entries()) {
        const tuning: Tuning = { ...pinned(tile), tiles: [{ tile, consts }] };
        const made = product(layout, { m, n, k });
        const work = made.work.map((at) => tuneWork(at, tuning));
        logs[i] = (logs[i] as number) + Math.log(await micros(backend, { ...made, work }, PLAIN));
      }
    }
  }
  return candidates.map((candidate, i) => ({ candidate, micros: Math.exp((logs[i] as number) / count) }));
}

const UPDATE_SIZES = [512, 16_384, 262_144] as const;

/** The layout of the update's threads that is fastest for Adam over this many parameters. */
async function updateConsts(backend: WebGpuBackend, size: number): Promise<Consts & Record<string, number>> {
  const chain = compileChain(adam());
  const { slots, scalars } = chain;
  const counts = { runs: 1, orders: 1, slots, scalars: scalars.length };
  const of = arenas([{ node: parameter("w", [size]), name: "w" }], counts);
  const [work] = updateWork(of, { chain, range: { first: 0, count: 1 } });
  let best = { micros: Number.POSITIVE_INFINITY, consts: { WORKGROUP: 64, QUADS: 1 } };
  for (const WORKGROUP of [16, 32, 64, 128, 256]) {
    for (const QUADS of [1, 2, 4]) {
      const consts = { WORKGROUP, QUADS };
      const tuning: Tuning = { ...pinned("4x4"), update: [{ most: Number.POSITIVE_INFINITY, consts }] };
      const found = await micros(
        backend,
        { work: [tuneWork(work as Work, tuning)], buffers: of.buffers },
        seriesOf([chain]),
      );
      if (found < best.micros) best = { micros: found, consts };
    }
  }
  return best.consts;
}

export async function tune(_: Effort): Promise<TuneResult> {
  const backend = await openWebGpu();
  const scored: Scored[] = [];
  for (const rows of CLASSES) {
    for (const columns of CLASSES) {
      say(`tune: results of ${rows.size} x ${columns.size}`);
      const scores = await score(backend, rows.size, columns.size);
      scored.push({ m: rows, n: columns, scores });
    }
  }
  const update: { most: number; consts: Record<string, number> }[] = [];
  for (const size of UPDATE_SIZES) {
    say(`tune: update of ${size} parameters`);
    const most = size === UPDATE_SIZES.at(-1) ? Number.MAX_SAFE_INTEGER : size;
    update.push({ most, consts: await updateConsts(backend, size) });
  }
  const tiles: TileRow[] = tableOf(scored);
  const tuning: Tuning = { ...backend.tuning, name: `tuned on ${backend.adapter.description}`, tiles, update };
  backend.close();
  return { tuning, scored };
}
