// A case: one dispatch of a kernel with its sizes, runs, places and inputs, as data. Tests and validate play them; no bundle does.
import { hash } from "../core/random.ts";
import type { Dtype, Shape } from "../core/shape.ts";
import type { Tier } from "./compare.ts";
import type { Sizes, Variant } from "./kernel.ts";

/**
 * What an input holds, drawn from the case's seed by logical element. "integers": -8 .. 8, so that sums and products are exact.
 * "special": zeros of both signs, subnormals, magnitudes from 1e-45 to 2^55, where activations change branch. "logits": rows of
 * +150 and +148 among zeros, of 1e4 either way, of ties. "nonfinite": with NaN and infinities. Numbers are cycled through.
 */
export type Fill =
  | "integers"
  | "normal"
  | "positive"
  | "special"
  | "logits"
  | "nonfinite"
  | "bytes"
  /** Random u32. */
  | "words"
  | { readonly below: number }
  /** By element, repeated; for u32 tensors the words themselves. */
  | { readonly values: readonly number[] }
  /** By run, repeated. */
  | { readonly byRun: readonly (readonly number[])[] };

/** How a tensor of a case differs from what its kernel's declaration and the case's place say. */
export interface Lie {
  readonly shape?: Shape;
  readonly dtype?: Dtype;
  readonly fill?: Fill;
  /** Elements from run to run, and from row to row. */
  readonly run?: number;
  readonly pitch?: number;
  /** All slices share it. */
  readonly slice?: 0;
  /** It has a tensor for every step of a submit. */
  readonly stepped?: boolean;
  /** Nothing is read from it at all. */
  readonly unread?: boolean;
}

export interface StepAt {
  readonly t: number;
  readonly index: number;
  readonly valid: number;
  /** Values of the distinct series; the first is 1. */
  readonly values: readonly number[];
}

/** One kernel call on tensors by name; a fused case's parts. */
export interface Part {
  readonly kernel: string;
  readonly variant: Variant;
  readonly sizes: Sizes;
  /** Binding -> tensor, where the two names differ. */
  readonly tensors?: Readonly<Record<string, string>>;
}

/** "plain": as close as the engine lays tensors; "wide": gaps after rows and runs. Offsets are never 0. */
export type PlaceKind = "plain" | "wide";

export interface Case extends Part {
  readonly runs: { readonly first: number; readonly count: number };
  readonly slices: number;
  /** Inputs that all runs share. */
  readonly shared: readonly string[];
  readonly place: PlaceKind;
  /** Tensors that lie in one buffer, so that their bindings merge. */
  readonly merge: readonly string[];
  readonly fill: Fill;
  readonly lies: Readonly<Record<string, Lie>>;
  /** Folds the grid after so many workgroups, as the engine does after 65,535; 0 leaves it to the engine. */
  readonly fold: number;
  readonly step: StepAt;
  readonly tier: Tier;
  readonly seed: number;
  /** The unfused calls a fused one replaces. */
  readonly parts?: readonly Part[];
}

export type CaseInit = Partial<Omit<Case, "sizes">> & { readonly sizes: Sizes };

const STEP: StepAt = { t: 5, index: 0, valid: 0xffffffff, values: [1] };

/** A case with what was left out filled in: one run, plain, integers and so exact. */
export function caseOf(kernel: string, init: CaseInit): Case {
  const fill = init.fill ?? "integers";
  return {
    variant: {},
    runs: { first: 0, count: 1 },
    slices: 1,
    shared: [],
    place: "plain",
    merge: [],
    lies: {},
    fold: 0,
    step: STEP,
    seed: 1,
    ...init,
    kernel,
    fill,
    tier: init.tier ?? (fill === "integers" ? "exact" : "bound"),
  };
}

/** The values a kernel's cases vary, by name. */
export type Axes = Readonly<Record<string, readonly unknown[]>>;
export type Choice<A extends Axes> = { readonly [K in keyof A]: A[K][number] };

/** Cases of one kernel, and what they vary. */
export interface CaseSet {
  readonly kernel: string;
  readonly axes: Axes;
  readonly cases: readonly Case[];
}

/** What a `.cases.ts` exports: a function, since registries are full only when every module is loaded. */
export type KernelCases = () => readonly CaseSet[];

/** Rows of choices in which every two values of different axes meet: far fewer than the product, as most faults need two. */
export function pairwise<A extends Axes>(axes: A): Choice<A>[] {
  const names = Object.keys(axes);
  const sizes = names.map((name) => axes[name]?.length ?? 0);
  const missing = new Set<string>();
  const key = (a: number, i: number, b: number, j: number) => (a < b ? `${a}.${i} ${b}.${j}` : `${b}.${j} ${a}.${i}`);
  for (let a = 0; a < names.length; a++) {
    for (let b = a + 1; b < names.length; b++) {
      for (let i = 0; i < sizes[a]!; i++) for (let j = 0; j < sizes[b]!; j++) missing.add(key(a, i, b, j));
    }
  }
  const rows: number[][] = [];
  while (missing.size > 0 || rows.length === 0) {
    const row = names.map(() => -1);
    const [first = "0.0", second] = (missing.values().next().value ?? "0.0").split(" ");
    for (const part of second ? [first, second] : [first]) {
      const [axis, at] = part.split(".").map(Number) as [number, number];
      row[axis] = at;
    }
    names.forEach((_, a) => {
      if (row[a] !== -1) return;
      const news = (i: number) => row.filter((j, b) => j !== -1 && missing.has(key(a, i, b, j))).length;
      // Where several would do, one at random: axes of one length must not go in step.
      const turn = hash(rows.length, 0, 0, a);
      let best = turn % sizes[a]!;
      for (let n = 1; n < sizes[a]!; n++) if (news((turn + n) % sizes[a]!) > news(best)) best = (turn + n) % sizes[a]!;
      row[a] = best;
    });
    for (let a = 0; a < names.length; a++)
      for (let b = a + 1; b < names.length; b++) missing.delete(key(a, row[a]!, b, row[b]!));
    rows.push(row);
  }
  return rows.map((row) => Object.fromEntries(names.map((name, a) => [name, axes[name]?.[row[a]!]])) as Choice<A>);
}

/** Pairwise cases of a kernel; `make` turns a choice into a case where the axes are not a case's own fields. */
export function caseSet<A extends Axes>(
  kernel: string,
  axes: A,
  make: (choice: Choice<A>) => CaseInit = (choice) => choice as unknown as CaseInit,
): CaseSet {
  return {
    kernel,
    axes,
    cases: pairwise(axes).map((choice, seed) => caseOf(kernel, { seed: seed + 1, ...make(choice) })),
  };
}

/** One run, three, and a range of two that begins at run 2. */
export const RUNS = [
  { first: 0, count: 1 },
  { first: 0, count: 3 },
  { first: 2, count: 2 },
] as const;

/** Enough runs that the grid folds: one workgroup a run, above WebGPU's 65,535 along a dimension. */
export const MANY = { first: 0, count: 65_537 } as const;

export const PLACES: readonly PlaceKind[] = ["plain", "wide"];

/** Whole grids, and rows of 3 workgroups whose last row is not full. */
export const FOLDS = [0, 3] as const;

/** No input shared between runs, each alone, all of them. */
export const sharing = (...inputs: string[]): readonly (readonly string[])[] =>
  inputs.length > 1 ? [[], ...inputs.map((name) => [name]), inputs] : [[], inputs];

/** All combinations of two lists of sizes. */
export const grid = (first: string, firsts: readonly number[], second: string, seconds: readonly number[]): Sizes[] =>
  firsts.flatMap((a) => seconds.map((b) => ({ [first]: a, [second]: b })));

/** `relu {rows: 3, cols: 65}`. */
export function describeCase({ kernel, variant, sizes }: Case): string {
  const label = variant.label
    ? kernel === "map" || kernel === "zip"
      ? variant.label
      : `${kernel} ${variant.label}`
    : kernel;
  const consts = Object.entries(variant.consts ?? {}).filter(([, value]) => value !== false);
  const all = [...consts, ...Object.entries(sizes)];
  return `${label} {${all.map(([name, value]) => `${name}: ${value}`).join(", ")}}`;
}
