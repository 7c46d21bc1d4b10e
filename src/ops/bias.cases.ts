// Cases of bias_add and column_sums.
import { caseOf, caseSet, grid, type KernelCases, FOLDS, MANY, PLACES, RUNS, sharing } from "../kernel/cases.ts";
import { MATRICES } from "./elementwise.cases.ts";

const FILLS = ["integers", "normal", "special"] as const;

/** 16 threads of four columns each. */
const COLUMNS = grid("rows", [1, 2, 7, 64, 257], "cols", [1, 3, 4, 5, 63, 64, 65]);

export const cases: KernelCases = () => [
  caseSet("bias_add", {
    sizes: MATRICES,
    fill: FILLS,
    runs: RUNS,
    shared: sharing("x", "b"),
    place: PLACES,
    fold: FOLDS,
    merge: [[], ["x", "y"], ["b", "y"]],
    slices: [1, 2],
  }),
  caseSet("column_sums", {
    sizes: COLUMNS,
    fill: FILLS,
    runs: RUNS,
    shared: sharing("x"),
    place: PLACES,
    fold: FOLDS,
    merge: [[], ["x", "y"]],
    slices: [1, 2],
  }),
  {
    kernel: "column_sums",
    axes: { runs: [MANY] },
    cases: [caseOf("column_sums", { sizes: { rows: 1, cols: 2 }, runs: MANY })],
  },
];
