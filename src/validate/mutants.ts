// The planted faults, by kernel family: each changes what is computed, none is equivalent, every one must be noticed.
import { elementwiseMutants, pickMutants, updateMutants } from "./mutants.elementwise.ts";
import { matmulMutants } from "./mutants.matmul.ts";
import { networkMutants, reductionMutants, rowMutants } from "./mutants.sums.ts";
import type { Mutant } from "./mutate.ts";

export const mutants: readonly Mutant[] = [
  ...matmulMutants,
  ...rowMutants,
  ...networkMutants,
  ...reductionMutants,
  ...elementwiseMutants,
  ...pickMutants,
  ...updateMutants,
];
