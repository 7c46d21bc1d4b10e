// Cases of scale and spread.
import { caseOf, caseSet, type KernelCases, MANY, PLACES, RUNS, sharing } from "../kernel/cases.ts";
import { MATRICES } from "./elementwise.cases.ts";

const FACTORS = { integers: -0.5, normal: Math.fround(1 / 3), special: Math.fround(1e-3) } as const;
const FILLS = ["integers", "normal", "special"] as const;

const axes = (input: string) => ({ sizes: MATRICES, fill: FILLS, runs: RUNS, shared: sharing(input), place: PLACES, slices: [1, 2] });

export const cases: KernelCases = () =>
  (["scale", "spread"] as const).flatMap((kernel) => [
    caseSet(kernel, axes(kernel === "scale" ? "x" : "s"), (choice) => ({
      ...choice,
      sizes: { ...choice.sizes, factor: FACTORS[choice.fill] },
    })),
    { kernel, axes: { runs: [MANY] }, cases: [caseOf(kernel, { sizes: { rows: 1, cols: 1, factor: 2 }, runs: MANY })] },
  ]);
