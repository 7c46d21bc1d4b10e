// Cases of batch_rows (three orders) and batch_sums.
import { caseOf, caseSet, grid, type KernelCases, FOLDS, MANY, PLACES, RUNS, sharing } from "../kernel/cases.ts";
import { ORDERS } from "./batch.ts";

const order = (kind: keyof typeof ORDERS) => ({ consts: { ORDER: ORDERS[kind] }, label: kind });
const at = (t: number) => ({ t, index: 0, valid: 0xffffffff, values: [1] });

/** Batches around a workgroup of 64 and data sets around the 16 up to which an order is a sort; several epochs. */
const BATCHES = [
  { batch: 1, count: 1 },
  { batch: 2, count: 5 },
  { batch: 16, count: 16 },
  { batch: 5, count: 17 },
  { batch: 63, count: 64 },
  { batch: 64, count: 1000 },
  { batch: 65, count: 65_537 },
  { batch: 129, count: 300 },
];

export const cases: KernelCases = () => [
  ...(Object.keys(ORDERS) as (keyof typeof ORDERS)[]).flatMap((kind) => [
    caseSet(
      "batch_rows",
      {
        of: BATCHES,
        first: [0, 11],
        t: [0, 3, 1000],
        slices: [1, 3],
        runs: RUNS,
        place: PLACES,
        fold: FOLDS,
        shared: sharing("seeds"),
      },
      ({ of, first, t, ...choice }) => ({
        ...choice,
        sizes: { ...of, first },
        variant: order(kind),
        step: at(t),
        lies: { seeds: { fill: "words" } },
      }),
    ),
  ]),
  caseSet("batch_sums", {
    sizes: grid("kinds", [1, 2, 4, 5], "batch", [1, 7, 8, 9, 33, 256]),
    fill: ["integers", "normal", "special"] as const,
    slices: [1, 3],
    runs: RUNS,
    place: PLACES,
    fold: FOLDS,
    shared: sharing("x"),
  }),
  {
    kernel: "batch_sums",
    axes: { runs: [MANY] },
    cases: [caseOf("batch_sums", { sizes: { kinds: 1, batch: 2 }, runs: MANY })],
  },
];
