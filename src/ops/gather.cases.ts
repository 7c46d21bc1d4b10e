// Cases of gather (f32 and packed bytes) and take.
import {
  caseOf,
  caseSet,
  grid,
  type KernelCases,
  type Lie,
  FOLDS,
  MANY,
  PLACES,
  RUNS,
  type StepAt,
} from "../kernel/cases.ts";
import { PACKED } from "./gather.ts";

/** Rows in the data set that the batch is taken from. */
const ROWS = 37;

const STEPS: readonly StepAt[] = [
  { t: 0, index: 0, valid: 0xffffffff, values: [1] },
  { t: 9, index: 2, valid: 0xffffffff, values: [1] },
];

const picks: Lie = { fill: { below: ROWS }, stepped: true };
const tables = ["data", "scale", "shift"];
const SIZES = [...grid("count", [1, 3, 16], "cols", [1, 3, 4, 5, 64]), { count: 65, cols: 4 }, { count: 5, cols: 257 }];

const gathers = (bytes: boolean) =>
  caseSet(
    "gather",
    {
      sizes: SIZES,
      fill: ["integers", "normal", "special"],
      runs: RUNS,
      place: PLACES,
      fold: FOLDS,
      step: STEPS,
      slices: [1, 2],
      rows: [[], ["rows"]],
    },
    ({ sizes, rows, ...choice }) => ({
      ...choice,
      sizes,
      fill: choice.fill as "integers",
      shared: [...tables, ...rows],
      variant: bytes ? PACKED : {},
      lies: {
        data: { shape: [ROWS, sizes.cols as number], slice: 0, ...(bytes ? { dtype: "u8", fill: "bytes" } : {}) },
        scale: { slice: 0 },
        shift: { slice: 0 },
        rows: picks,
      },
    }),
  );

export const cases: KernelCases = () => [
  gathers(false),
  gathers(true),
  caseSet(
    "take",
    {
      count: [1, 3, 63, 64, 65, 257],
      runs: RUNS,
      place: PLACES,
      fold: FOLDS,
      step: STEPS,
      slices: [1, 2],
      rows: [[], ["rows"]],
    },
    ({ count, rows, ...choice }) => ({
      ...choice,
      sizes: { count },
      shared: ["words", ...rows],
      lies: { words: { shape: [ROWS], fill: "words", slice: 0 }, rows: picks },
    }),
  ),
  {
    kernel: "take",
    axes: { runs: [MANY] },
    cases: [
      caseOf("take", {
        sizes: { count: 1 },
        runs: MANY,
        shared: ["words"],
        lies: { words: { shape: [ROWS], fill: "words", slice: 0 }, rows: picks },
      }),
    ],
  },
];
