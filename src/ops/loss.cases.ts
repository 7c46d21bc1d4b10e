// Cases of the row kernels: cross_entropy, squared_error, softmax.
import {
  caseOf,
  caseSet,
  grid,
  type KernelCases,
  FOLDS,
  MANY,
  PLACES,
  RUNS,
  sharing,
  type StepAt,
} from "../kernel/cases.ts";

/** Rows around a workgroup of 16, columns around a vec4. */
const SIZES = [...grid("rows", [1, 15, 16, 17, 33], "cols", [1, 2, 3, 4, 5, 10, 17]), { rows: 3, cols: 257 }];

/** How many rows of a batch count: all, all but one, none. */
const VALID = [0, 1, 1000] as const;
const step = (rows: number, missing: number, index: number): StepAt => ({
  t: 7 + index,
  index,
  valid: Math.max(0, rows - missing),
  values: [1],
});

const RING = { metrics: { stepped: true } } as const;

export const cases: KernelCases = () => [
  caseSet(
    "cross_entropy",
    {
      of: SIZES,
      fill: ["normal", "logits"] as const,
      missing: VALID,
      index: [0, 2],
      runs: RUNS,
      place: PLACES,
      fold: FOLDS,
      shared: sharing("z", "labels"),
      slices: [1, 2],
    },
    ({ of, missing, index, ...choice }) => {
      const { rows = 1, cols = 1 } = of;
      const sizes = { ...of, factor: Math.fround(1 / rows) };
      return {
        ...choice,
        sizes,
        step: step(rows, missing, index),
        lies: { ...RING, labels: { fill: { below: cols } } },
      };
    },
  ),
  caseSet(
    "squared_error",
    {
      of: SIZES,
      fill: ["integers", "normal", "special"] as const,
      missing: VALID,
      index: [0, 2],
      runs: RUNS,
      place: PLACES,
      fold: FOLDS,
      shared: sharing("z", "targets"),
      slices: [1, 2],
    },
    ({ of, missing, index, ...choice }) => {
      const { rows = 1, cols = 1 } = of;
      const exact = choice.fill === "integers";
      const [factor, share] = exact ? [0.25, 0.5] : [Math.fround(2 / (rows * cols)), Math.fround(1 / cols)];
      return { ...choice, sizes: { ...of, factor, share }, step: step(rows, missing, index), lies: RING };
    },
  ),
  caseSet("softmax", {
    sizes: SIZES,
    fill: ["normal", "logits"] as const,
    runs: RUNS,
    place: PLACES,
    fold: FOLDS,
    shared: sharing("z"),
    slices: [1, 2],
    merge: [[], ["z", "y"]],
  }),
  {
    kernel: "softmax",
    axes: { runs: [MANY] },
    cases: [caseOf("softmax", { sizes: { rows: 1, cols: 2 }, runs: MANY, fill: "normal" })],
  },
];
