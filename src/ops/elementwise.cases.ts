// Cases of map and zip: every elementwise function there is, with no list to keep.
import {
  type CaseSet,
  caseOf,
  caseSet,
  type Fill,
  type KernelCases,
  FOLDS,
  MANY,
  PLACES,
  RUNS,
  sharing,
} from "../kernel/cases.ts";
import type { Context, Sizes } from "../kernel/kernel.ts";
import { type Elementwise, elementwise, elementwiseNamed, elementwiseVariant } from "./elementwise.ts";

/** Around a vec4, a workgroup of 64 vec4s, and rows whose end is no multiple of 4. */
export const MATRICES: readonly Sizes[] = [
  { rows: 1, cols: 1 },
  { rows: 2, cols: 3 },
  { rows: 3, cols: 4 },
  { rows: 5, cols: 5 },
  { rows: 63, cols: 4 },
  { rows: 64, cols: 2 },
  { rows: 65, cols: 4 },
  { rows: 1, cols: 257 },
  { rows: 7, cols: 37 },
  { rows: 13, cols: 65 },
];

const INTEGERS = Array.from({ length: 17 }, (_, i) => i - 8);

/** Whether a function makes integers of integers, so that its result must be equal to the bit. */
function isExact({ reference }: Elementwise): boolean {
  const context = { t: 5, noise: 0 } as Context;
  const value = (a: number, b: number) => reference(a, b, { i: a + 8, j: b + 8, cols: 17, context });
  return INTEGERS.every((a) => INTEGERS.every((b) => Number.isInteger(value(a, b))));
}

function casesOf(f: Elementwise): CaseSet {
  const [kernel, inputs] = f.inputs === 1 ? (["map", ["x"]] as const) : (["zip", ["a", "b"]] as const);
  const fills: readonly Fill[] = isExact(f)
    ? ["integers", "normal", "special", "nonfinite"]
    : ["normal", "special", "positive"];
  const axes = {
    sizes: MATRICES,
    fill: fills,
    runs: RUNS,
    shared: sharing(...inputs),
    place: PLACES,
    fold: FOLDS,
    merge: [[], [...inputs, "y"]],
    slices: [1, 2],
  };
  return caseSet(kernel, axes, (choice) => ({ ...choice, variant: elementwiseVariant(f) }));
}

/** More workgroups than one dimension holds: the engine's own fold. */
const many = (): CaseSet => {
  const variant = elementwiseVariant(elementwiseNamed("identity"));
  return {
    kernel: "map",
    axes: { runs: [MANY] },
    cases: [caseOf("map", { variant, sizes: { rows: 1, cols: 1 }, runs: MANY })],
  };
};

export const cases: KernelCases = () => [...[...elementwise.values()].map(casesOf), many()];
