// Cases of layer_norm and of its gradients.
import {
  caseOf,
  caseSet,
  type Fill,
  FOLDS,
  grid,
  type KernelCases,
  MANY,
  PLACES,
  RUNS,
  sharing,
} from "../kernel/cases.ts";

import { shareOf } from "./layer_norm.ts";

/** Rows around a workgroup of 16, columns around a vec4. */
const SIZES = [...grid("rows", [1, 15, 16, 17, 33], "cols", [1, 2, 3, 4, 5, 10, 17]), { rows: 3, cols: 257 }];

/** Sixteen threads of four columns each. */
const COLUMNS = grid("rows", [1, 2, 7, 64], "cols", [1, 3, 4, 5, 63, 64, 65]);

/** A mean far above the spread, where a variance by one pass would lose its digits. */
const OFFSET: Fill = { values: [1000.5, 999.75, 1000, 1001.25, 998.5, 1000.125, 1002] };

const EPS = [Math.fround(1e-5), Math.fround(0.1)] as const;

const where = { runs: RUNS, place: PLACES, fold: FOLDS, slices: [1, 2] };

export const cases: KernelCases = () => [
  caseSet(
    "layer_norm",
    {
      ...{ merge: [[], ["x", "y"], ["gain", "bias"]], shared: sharing("x", "gain", "bias"), ...where },
      ...{ of: SIZES, eps: EPS, fill: ["integers", "normal", "special", OFFSET] as const },
    },
    ({ of, eps, ...choice }) => ({ ...choice, sizes: { ...of, eps, share: shareOf(of.cols ?? 1) }, tier: "bound" }),
  ),
  caseSet(
    "layer_norm_back",
    {
      ...{ merge: [[], ["dy", "dx"], ["x", "dx"]], shared: sharing("dy", "x", "gain", "stats"), ...where },
      ...{ of: SIZES, fill: ["integers", "normal", "positive", OFFSET] as const },
    },
    ({ of, ...choice }) => ({ ...choice, sizes: { ...of, share: shareOf(of.cols ?? 1) }, tier: "bound" }),
  ),
  caseSet("layer_norm_sums", {
    ...{ merge: [[], ["dgain", "dbias"]], shared: sharing("dy", "x", "stats"), ...where },
    ...{ sizes: COLUMNS, fill: ["integers", "normal", "positive", OFFSET] as const },
  }),
  {
    kernel: "layer_norm",
    axes: { runs: [MANY] },
    cases: [caseOf("layer_norm", { sizes: { rows: 1, cols: 2, eps: 1, share: 0.5 }, runs: MANY, fill: "normal" })],
  },
];
