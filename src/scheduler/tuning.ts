// Which tile for which shape: data, by adapter class. `fall-line bench --tune` may replace it; tests pin it.
import { fail } from "../core/check.ts";
import { constsOf } from "../kernel/compose.ts";
import { type Consts, featuresOf, kernelNamed, kernels, type Variant } from "../kernel/kernel.ts";
import type { Tile } from "../ops/matmul.ts";
import type { Work } from "./work.ts";

/** The first row whose bounds hold is taken: m and n are the result's rows and columns. */
export interface TileRow {
  readonly tile: Tile;
  readonly leastM?: number;
  readonly leastN?: number;
  readonly mostM?: number;
  readonly mostN?: number;
  readonly mostK?: number;
  readonly leastRuns?: number;
  /** Of all runs: how many there must be for the tile to fill the adapter. */
  readonly leastResults?: number;
  readonly consts?: Readonly<Record<string, number>>;
}

export interface Tuning {
  readonly name: string;
  readonly tiles: readonly TileRow[];
  /** A gather is fused into a matmul when at most this many tiles along the columns read each of its rows again. */
  readonly gatherTiles: number;
  /** Whether the batches of a submit's steps are gathered together before them, where there is room. */
  readonly gatherAhead: boolean;
  /** The widest hidden layer for which a classifier's last layer, loss and gradients go into one dispatch, a thread a row. */
  readonly headDepth: number;
  /** The most parameters of a run that are updated as their gradients are stored; 0 leaves all to an update of its own. */
  readonly updateInGradient: number;
  /**
   * A small network's whole step but the update in one dispatch, a thread a run: from so many runs on, and for at most so many
   * numbers that a row of the batch makes, each of which is a line of the text. Default none.
   */
  readonly network?: { readonly leastRuns: number; readonly most: number };
  /** Whether threads of a quad share what they load, where the device has subgroups. */
  readonly quads: boolean;
  /** Share of a step's matmul operations below which a matmul stays on the tile that compiles fastest: a pipeline less. */
  readonly spare: number;
  /** Begins on the tile that compiles fastest until the chosen one is compiled; no bit depends on it. */
  readonly quickStart: boolean;
  /** Sums by subgroup shuffles, with the same bits; taken back by a backend that cannot. Default off. */
  readonly subgroups?: boolean;
  /** Offsets, strides and sizes are constants of the shaders' texts, a pipeline a dispatch; otherwise a uniform, a pipeline for many. */
  readonly baked: boolean;
  /** Threads that small workgroups of many runs are gathered to; 1 leaves them as they are. */
  readonly stack: number;
  /** Updates leave out what lies between the tensors of small networks. Default false. */
  readonly packed?: boolean;
  /** Constants of the update kernel for arenas of at most `most` elements a run, in order. */
  readonly update: readonly { readonly most: number; readonly consts: Readonly<Record<string, number>> }[];
}

/** Runs from which on a start tile is planned for its own sake. */
export const MANY_RUNS = 64;

/** The same without the tiles that need a feature the device does not have. */
export const usable = (tuning: Tuning, features: { has(name: string): boolean }): Tuning => ({
  ...tuning,
  quads: tuning.quads && features.has("subgroups"),
  tiles: tuning.tiles.filter(({ tile }) =>
    featuresOf(kernelNamed(`matmul_${tile}`)).every((feature) => features.has(feature)),
  ),
});

/** Imports what a table takes beyond what all do: the tiles it names and the passes its numbers ask for. */
export async function loadTuning(tuning: Tuning): Promise<Tuning> {
  const known = tuning.tiles.every(({ tile }) => kernels.has(`matmul_${tile}`));
  if (!known || tuning.gatherTiles > 0 || tuning.network || tuning.packed)
    await Promise.all([import("./software.ts"), import("./gpu.ts")]);
  if (tuning.headDepth > 0 || tuning.updateInGradient > 0 || tuning.gatherAhead) await import("./passes.ts");
  return tuning;
}

const fits = (
  {
    leastM = 0,
    leastN = 0,
    mostM = Infinity,
    mostN = Infinity,
    mostK = Infinity,
    leastRuns = 0,
    leastResults = 0,
  }: TileRow,
  { sizes: { m = 0, n = 0, k = 0 }, runs }: Work,
): boolean =>
  m >= leastM &&
  n >= leastN &&
  m <= mostM &&
  n <= mostN &&
  k <= mostK &&
  runs.count >= leastRuns &&
  m * n * runs.count >= leastResults;

const withConsts = (work: Work, consts: Consts): Work => ({
  ...work,
  variant: { ...work.variant, consts: { ...work.variant.consts, ...consts } },
});

/** Where a run has few threads, workgroups no larger than they need: lanes without work cost as much as lanes with. */
function smallGroups(work: Work, { stack }: Tuning): Work {
  const { source, threads } = kernelNamed(work.kernel);
  const most = Number.parseInt(source.consts.get("WORKGROUP") ?? "0", 10);
  const [count] = threads(work.sizes, {});
  const many = stack > 1 && source.workgroup[2] === "STACK" && work.runs.count >= MANY_RUNS;
  const fitting = [...(many ? [4, 8] : []), 16, 32].find((size) => count <= size && size < most);
  return fitting === undefined ? work : withConsts(work, { WORKGROUP: fitting });
}

/** Chooses the tile of a matmul, the constants of an update, the workgroups of the rest. */
export const tune = (work: Work, tuning: Tuning): Work => stack(tuned(work, tuning), tuning);

/** Small workgroups of many runs behind one another in real ones: a workgroup costs something whatever it does. */
function stack(work: Work, { stack: most }: Tuning): Work {
  const { source, threads } = kernelNamed(work.kernel);
  if (source.workgroup[2] !== "STACK") return work;
  const consts = { ...constsOf(source), ...work.variant.consts } as Record<string, number>;
  const [x = 1, y = 1] = source.workgroup.map((part) => consts[part] ?? Number.parseInt(part, 10));
  const [tx, ty = 1] = threads(work.sizes, consts);
  const groups = Math.ceil(tx / x) * Math.ceil(ty / y) * work.slices * work.runs.count;
  const times = Math.min(most / (x * y), groups / ENOUGH_GROUPS);
  return times < 2 ? work : withConsts(work, { STACK: 2 ** Math.floor(Math.log2(times)) });
}

/** Real workgroups a dispatch keeps, so that all cores have some. */
const ENOUGH_GROUPS = 32;

/** Whether a tile has code of its own for the last k, where they are no four. */
const hasTail = (tile: Tile): boolean => tile !== "start" && !tile.startsWith("shared");

function tuned(work: Work, tuning: Tuning): Work {
  if (work.kernel === "update") {
    const row = tuning.update.find(({ most }) => (work.sizes.size as number) <= most);
    // What a variant's text rests on stays.
    return row ? withConsts(work, { ...row.consts, ...work.variant.consts }) : work;
  }
  if (tuning.subgroups && work.kernel === "block_sums") return { ...work, kernel: "block_sums_subgroup" };
  if (!work.kernel.startsWith("matmul_")) return smallGroups(work, tuning);
  const { m = 0, n = 0, k = 0 } = work.sizes;
  const row =
    tuning.tiles.find((candidate) => fits(candidate, work)) ??
    fail("tuning", `${tuning.name} has no tile for ${m} x ${n}`);
  // The tail's code is left out where no matmul of this shape needs it.
  const tail = hasTail(row.tile) && k % 4 === 0 ? { TAIL: false } : {};
  return withConsts({ ...work, kernel: `matmul_${row.tile}` }, { ...row.consts, ...tail });
}

/** Nothing but a matmul has m, n and k. */
const flopsOf = ({ sizes: { m = 0, n = 0, k = 0 }, runs }: Work): number => 2 * m * n * k * runs.count;

/** Matmuls that hardly count are planned on the tile that a training starts on anyway. */
export function spare(work: readonly Work[], { quickStart, spare: little }: Tuning): Work[] {
  const all = work.reduce((total, at) => total + flopsOf(at), 0);
  return work.map((at) => (quickStart && flopsOf(at) < little * all ? (quick(at) ?? at) : at));
}

const only = <T>(all: Readonly<Record<string, T>> = {}, names: readonly string[] = []): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));

/**
 * The same dispatch on the kernel of the same bits that compiles sooner; undefined where there is none, or it is on it already.
 * Of its variant stays what the other kernel knows.
 */
export function quick<T extends { readonly kernel: string; readonly variant: Variant }>(dispatch: T): T | undefined {
  const { start, consts } = kernelNamed(dispatch.kernel);
  if (start === undefined) return undefined;
  const { variant } = dispatch;
  const hooks = only(variant.hooks, kernelNamed(start).hooks);
  return { ...dispatch, kernel: start, variant: { ...variant, consts: only(variant.consts, consts), hooks } };
}
