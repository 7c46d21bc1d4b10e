// Cases of split_sums: around a vec4, a workgroup of 64 of them, and from two parts to a prime number.
import { caseSet, type KernelCases, FOLDS, PLACES, RUNS, sharing } from "../kernel/cases.ts";

export const cases: KernelCases = () => {
  const axes = {
    m: [1, 3, 16, 65],
    n: [1, 4, 5, 13],
    parts: [2, 3, 4, 7, 11],
    fill: ["integers", "normal", "special"] as const,
    runs: RUNS,
    shared: sharing("x"),
    place: PLACES,
    fold: FOLDS,
    merge: [[], ["x", "y"]],
  };
  return [caseSet("split_sums", axes, ({ m, n, parts, ...choice }) => ({ ...choice, sizes: { m, n, parts } }))];
};
