// Cases of the matmul tiles in three layouts; what is fused into them is in validate/matmul.cases.ts.
import "./matmul_shared.ts";
import "./matmul_wide.ts";
import {
  type CaseSet,
  caseOf,
  caseSet,
  type KernelCases,
  FOLDS,
  MANY,
  PLACES,
  RUNS,
  sharing,
} from "../kernel/cases.ts";
import type { Consts } from "../kernel/kernel.ts";
import { type Tile, tiles } from "./matmul.ts";

export const LAYOUTS = {
  nn: { A_TRANSPOSED: false, B_TRANSPOSED: false },
  nt: { A_TRANSPOSED: false, B_TRANSPOSED: true },
  tn: { A_TRANSPOSED: true, B_TRANSPOSED: false },
} as const;

/** Around a thread's rows or columns, around a workgroup's 32 of them, one, and a prime. */
const around = (size: number): number[] => [...new Set([1, size - 1, size, size + 1, 13, 31, 33])];

function tileCases(tile: Tile, consts: Consts): CaseSet {
  const [rows, columns] = tiles[tile];
  const axes = {
    m: [...around(rows), ...(tile === "shared_8x8" ? [65] : [])],
    n: [...around(columns), ...(tile === "shared_8x8" ? [65] : [])],
    k: [1, 3, 4, 5, 7, 8, 9, 37],
    fill: ["integers", "normal", "special"] as const,
    runs: RUNS,
    shared: sharing("a", "b"),
    place: PLACES,
    fold: FOLDS,
    // A merge is a text of its own, the same in every tile: the cheapest to compile stands for all.
    merge: tile === "4x4" && consts === LAYOUTS.nn ? [[], ["a", "y"], ["b", "y"], ["a", "b"]] : [[]],
    slices: [1, 2],
  };
  return caseSet(`matmul_${tile}`, axes, ({ m, n, k, ...choice }) => ({
    ...choice,
    sizes: { m, n, k },
    variant: { consts },
  }));
}

/** The text for whole blocks of k alone. */
function whole(tile: Tile): CaseSet {
  const axes = {
    m: [1, 13, 33],
    n: [3, 8, 33],
    k: [4, 8, 36],
    fill: ["integers", "normal"] as const,
    runs: RUNS,
    place: PLACES,
  };
  const consts = { ...LAYOUTS.nn, TAIL: false };
  return caseSet(`matmul_${tile}`, axes, ({ m, n, k, ...choice }) => ({
    ...choice,
    sizes: { m, n, k },
    variant: { consts },
  }));
}

/** Long sums, where a bound would forgive a lost term: exact. */
function long(tile: Tile, consts: Consts): CaseSet {
  const kernel = `matmul_${tile}`;
  const sizes = [1001, 4099].map((k) => ({ m: 3, n: 5, k }));
  return {
    kernel,
    axes: { k: [1001, 4099] },
    cases: sizes.map((at) => caseOf(kernel, { sizes: at, variant: { consts } })),
  };
}

export const cases: KernelCases = () => [
  ...(Object.keys(tiles) as Tile[]).flatMap((tile) =>
    Object.values(LAYOUTS).flatMap((consts) => [tileCases(tile, consts), long(tile, consts)]),
  ),
  ...(Object.keys(tiles) as Tile[]).filter((tile) => tile !== "start" && !tile.startsWith("shared")).map(whole),
  tileCases("4x4", { ...LAYOUTS.nn, WORKGROUP_X: 4, WORKGROUP_Y: 4 }),
  tileCases("start", { ...LAYOUTS.nn, STACK: 4 }),
  // As the table of GPUs has them: fewer blocks than threads.
  tileCases("shared", { ...LAYOUTS.nt, WORKGROUP_X: 16, WORKGROUP_Y: 16, DEPTH: 16 }),
  tileCases("shared", { ...LAYOUTS.tn, DEPTH: 32 }),
  tileCases("shared_1x4", { ...LAYOUTS.tn, WORKGROUP_X: 4, WORKGROUP_Y: 16, DEPTH: 16 }),
  tileCases("shared_8x8", { ...LAYOUTS.nn, WORKGROUP_X: 16, WORKGROUP_Y: 16 }),
  {
    kernel: "matmul_16x8",
    axes: { runs: [MANY] },
    cases: [caseOf("matmul_16x8", { sizes: { m: 1, n: 1, k: 1 }, runs: MANY, variant: { consts: LAYOUTS.nn } })],
  },
];
