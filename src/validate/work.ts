// Fused cases from work: the scheduler's own passes make the dispatch, so that its text is the one training runs.
import { type Case, type CaseInit, caseOf, type Lie, type Part } from "../kernel/cases.ts";
import type { Sizes } from "../kernel/kernel.ts";
import type { Value, Work } from "../scheduler/work.ts";

/** Rows in the data sets that batches are gathered from. */
export const ROWS = 37;

/** The rows of a batch: some of the data set's, of this step and this run's order. */
export const PICKS: Lie = { fill: { below: ROWS }, stepped: true };

export const call = (kernel: string, sizes: Sizes, tensors: Record<string, Value>, variant = {}): Work => ({
  name: kernel,
  kernel,
  sizes,
  variant,
  tensors,
  runs: { first: 0, count: 1 },
  slices: 1,
});

/** How a data set of floats or bytes lies. */
export const dataLie = ({ shape, dtype }: Value): Lie => ({
  shape,
  dtype,
  ...(dtype === "u8" ? { fill: "bytes" } : {}),
});

const namesOf = (tensors: Work["tensors"]): Record<string, string> =>
  Object.fromEntries(Object.entries(tensors).map(([binding, { name }]) => [binding, name]));

const partOf = ({ kernel, variant, sizes, tensors }: Work): Part => ({
  kernel,
  variant,
  sizes,
  tensors: namesOf(tensors),
});

/** A case of the one piece of work that a pass left; another number of pieces means that it did not fuse. */
export function caseOfWork(work: readonly Work[], init: Omit<CaseInit, "sizes">): Case {
  const [at, ...rest] = work as [Work, ...Work[]];
  if (rest.length > 0)
    throw new Error(`fused cases: ${at.name} did not take in ${rest.map(({ name }) => name).join(", ")}`);
  return caseOf(at.kernel, { ...init, ...partOf(at), parts: (at.parts ?? []).map(partOf) });
}
