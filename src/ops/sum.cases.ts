// Cases of block_sums (numbers and squares) and segment_sums.
import { type CaseSet, caseSet, type KernelCases, FOLDS, PLACES, RUNS, sharing } from "../kernel/cases.ts";
import type { Sizes } from "../kernel/kernel.ts";
import { blockSumsSubgroup } from "./block_sums_subgroup.ts";
import { blockSums, SQUARES } from "./sum.ts";

const FILLS = ["integers", "normal", "special"] as const;

/** Around a block of 64 and a workgroup of 16 blocks; rows that blocks run across. */
const BLOCKS: readonly Sizes[] = [
  { rows: 1, cols: 1 },
  { rows: 1, cols: 63 },
  { rows: 1, cols: 64 },
  { rows: 1, cols: 65 },
  { rows: 5, cols: 13 },
  { rows: 13, cols: 5 },
  { rows: 64, cols: 2 },
  { rows: 7, cols: 37 },
  { rows: 16, cols: 64 },
  { rows: 1, cols: 1025 },
  { rows: 1, cols: 4096 },
];

/** Segments of 20 blocks: one, several, an empty one, one past the end, more than a workgroup of 4 threads. */
const SEGMENTS: readonly { readonly blocks: number; readonly first: readonly number[] }[] = [
  { blocks: 1, first: [0, 1] },
  { blocks: 7, first: [0, 7] },
  { blocks: 8, first: [0, 8] },
  { blocks: 9, first: [0, 9] },
  { blocks: 20, first: [0, 7, 7, 20] },
  { blocks: 20, first: [3, 4, 12, 13, 30] },
  { blocks: 40, first: [0, 1, 3, 11, 12, 39] },
  { blocks: 257, first: [0, 257] },
];

function segments(): CaseSet {
  const axes = {
    of: SEGMENTS,
    fill: FILLS,
    runs: RUNS,
    shared: [["first"], ["first", "x"]],
    place: PLACES,
    fold: FOLDS,
    factor: [1, 0.25],
  };
  return caseSet("segment_sums", axes, ({ of: { blocks, first }, factor, ...choice }) => ({
    ...choice,
    sizes: {
      blocks,
      segments: first.length - 1,
      factor: choice.fill === "integers" ? factor : Math.fround(factor / 3),
    },
    lies: { first: { fill: { values: first } } },
  }));
}

export const cases: KernelCases = () => [
  ...[blockSums, blockSumsSubgroup].flatMap(({ name }) =>
    [{}, SQUARES].map((variant) => {
      const axes = {
        sizes: BLOCKS,
        fill: FILLS,
        runs: RUNS,
        shared: sharing("x"),
        place: PLACES,
        fold: FOLDS,
        slices: [1, 2],
      };
      return caseSet(name, axes, (choice) => ({ ...choice, variant }));
    }),
  ),
  segments(),
];
