// Cases of the row kernels: losses against labels and targets, the weights of rows, softmax.
import {
  caseOf,
  caseSet,
  type Fill,
  grid,
  type KernelCases,
  FOLDS,
  type Lie,
  MANY,
  PLACES,
  RUNS,
  sharing,
  type StepAt,
} from "../kernel/cases.ts";
import { ABSOLUTE_ERROR } from "./absolute_error.ts";
import { BINARY_CROSS_ENTROPY } from "./binary_cross_entropy.ts";
import { huberText } from "./huber.ts";
import { type TargetLossText, targetVariant } from "./target_loss.ts";
import { positiveText } from "./weighted_binary_cross_entropy.ts";

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

const NUMBERS = ["integers", "normal", "special"] as const;

/** Every loss against targets, with what it may be given: odds' targets lie in [0, 1]. */
const TEXTS = (): readonly { text: (cols: number) => TargetLossText; fills: readonly Fill[]; against?: Fill }[] => [
  { text: () => ({ label: "squared error" }), fills: NUMBERS },
  { text: () => ABSOLUTE_ERROR, fills: NUMBERS },
  { text: () => huberText(1), fills: NUMBERS },
  { text: () => huberText(0.3), fills: ["normal", "special", "positive"] },
  {
    text: () => BINARY_CROSS_ENTROPY,
    fills: ["normal", "special", "logits"],
    against: { values: [0, 1, 1, 0.25, 0, 1, 0.9] },
  },
  {
    text: (cols) => positiveText(Array.from({ length: cols }, (_, j) => [3, 0.5, 1, 0, 1.5][j % 5] as number)),
    fills: ["normal", "special", "logits"],
    against: { values: [0, 1, 1, 0.25, 0, 1, 0.9] },
  },
];

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
  ...TEXTS().map(({ text, fills, against }) =>
    caseSet(
      "target_loss",
      {
        ...{ of: SIZES, fill: fills, missing: VALID, index: [0, 2], runs: RUNS, place: PLACES, fold: FOLDS },
        ...{ shared: sharing("z", "targets", "weights"), slices: [1, 2] },
      },
      ({ of, missing, index, ...choice }) => {
        const { rows = 1, cols = 1 } = of;
        const exact = choice.fill === "integers";
        const [factor, share] = exact ? [0.25, 0.5] : [Math.fround(1 / (rows * cols)), Math.fround(1 / cols)];
        const weights: Lie = { fill: exact ? "integers" : "positive" };
        const lies = { ...RING, weights, ...(against && !exact ? { targets: { fill: against } } : {}) };
        const sizes = { ...of, factor, share };
        return { ...choice, variant: targetVariant(text(cols)), sizes, step: step(rows, missing, index), lies };
      },
    ),
  ),
  caseSet(
    "soft_cross_entropy",
    {
      ...{ of: SIZES, fill: ["normal", "logits"] as const, smoothing: [0, 0.1, 1], missing: VALID, index: [0, 2] },
      ...{
        runs: RUNS,
        place: PLACES,
        fold: FOLDS,
        shared: sharing("z", "labels", "classes", "weights"),
        slices: [1, 2],
      },
    },
    ({ of, smoothing, missing, index, ...choice }) => {
      const { rows = 1, cols = 1 } = of;
      const shares = { hard: Math.fround(1 - smoothing), soft: Math.fround(smoothing / cols) };
      const positive: Lie = { fill: "positive" };
      return {
        ...choice,
        sizes: { ...of, factor: Math.fround(1 / rows), ...shares },
        step: step(rows, missing, index),
        lies: { ...RING, labels: { fill: { below: cols } }, classes: positive, weights: positive },
      };
    },
  ),
  caseSet(
    "row_weights",
    {
      ...{ rows: [1, 7, 8, 9, 16, 17, 33, 257], count: [1, 5], mean: [-1, 0, 0.75], missing: VALID, index: [0, 2] },
      ...{ fill: ["positive", "integers"] as const, runs: RUNS, place: PLACES, fold: FOLDS, slices: [1, 2] },
      shared: sharing("samples", "labels", "classes"),
    },
    ({ rows, count, mean, missing, index, fill, ...choice }) => {
      // Weights are not below 0; now and then one is 0.
      const samples: Lie = { stepped: true, fill: fill === "positive" ? fill : { values: [0, 1, 2, 0, 5, 0.25, 3] } };
      const lies = { samples, labels: { fill: { below: count } }, classes: { fill: "positive" } } as const;
      return { ...choice, fill, tier: "bound", sizes: { rows, count, mean }, step: step(rows, missing, index), lies };
    },
  ),
  caseSet(
    "regression_metrics",
    {
      ...{ of: SIZES, fill: NUMBERS, missing: VALID, index: [0, 2], runs: RUNS, place: PLACES, fold: FOLDS },
      ...{ shared: sharing("z", "targets", "shares"), slices: [1, 2] },
    },
    ({ of, missing, index, ...choice }) => ({
      ...choice,
      ...{ sizes: of, step: step(of.rows ?? 1, missing, index), tier: "bound" },
      lies: { ...RING, shares: { fill: "positive" } },
    }),
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
