// Cases of scale and spread.
import { caseSet, type KernelCases, FOLDS, PLACES, RUNS, sharing } from "../kernel/cases.ts";
import { MATRICES } from "./elementwise.cases.ts";

const FACTORS = { integers: -0.5, normal: Math.fround(1 / 3), special: Math.fround(1e-3) } as const;
const FILLS = ["integers", "normal", "special"] as const;

const axes = (input: string) => ({
  sizes: MATRICES,
  fill: FILLS,
  runs: RUNS,
  shared: sharing(input),
  place: PLACES,
  fold: FOLDS,
  slices: [1, 2],
});

export const cases: KernelCases = () =>
  (["scale", "spread"] as const).map((kernel) =>
    caseSet(kernel, axes(kernel === "scale" ? "x" : "s"), (choice) => ({
      ...choice,
      sizes: { ...choice.sizes, factor: FACTORS[choice.fill] },
    })),
  );
