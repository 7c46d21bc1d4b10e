// What a plan is made of before it has places: values (tensors of every run) and work (kernel calls on them).
import type { Dtype, Shape } from "../core/shape.ts";
import type { Sizes, Variant } from "../kernel/kernel.ts";

/** Where a tensor lies in a buffer: offset and strides in elements. Stride 0 shares it between runs. */
export interface Home {
  readonly buffer: string;
  readonly offset: number;
  readonly run: number;
  readonly slice?: number;
  readonly step?: number;
  readonly pitch?: number;
  /** What lies there, where it is known when plans are made and never changes. */
  readonly numbers?: ArrayLike<number>;
}

export interface Value {
  readonly id: number;
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: Dtype;
  /** A place given from outside (arenas, data, rings); the others are placed by the plan. */
  home?: Home;
  /** The same number throughout, or constant numbers: written once, when the program is made. */
  readonly fill?: number;
  readonly words?: readonly number[];
}

export interface Range {
  readonly first: number;
  readonly count: number;
}

/** What a matmul does to each result before storing it, in order. */
export type Epilogue =
  | { readonly kind: "bias"; readonly value: Value }
  | { readonly kind: "map"; readonly f: string }
  | { readonly kind: "zip"; readonly f: string; readonly other: Value; readonly first: boolean }
  | { readonly kind: "keep"; readonly value: Value };

export interface Work {
  readonly name: string;
  readonly kernel: string;
  readonly sizes: Sizes;
  readonly variant: Variant;
  readonly tensors: Readonly<Record<string, Value>>;
  readonly runs: Range;
  readonly slices: number;
  /** The unfused work a fused one replaces; its reference is their composition. */
  readonly parts?: readonly Work[];
  /** Tensors of which every slice sees its own part: the part's shape, and elements from one to the next. */
  readonly sliced?: Readonly<Record<string, { readonly shape: Shape; readonly stride: number }>>;
  /** Of an update over a whole arena: the tensors that lie there. */
  readonly segments?: readonly { readonly offset: number; readonly rows: number; readonly pitch: number }[];
  readonly epilogue?: readonly Epilogue[];
  /** Bindings it reads before it writes them, beside those its kernel declares so. */
  readonly updated?: readonly string[];
  /** What loads a from elsewhere than the step's batch: the data set, or the batches of a submit's steps. */
  readonly gathered?: Required<Pick<Variant, "hooks" | "extra" | "label">> & Pick<Variant, "types">;
}

let count = 0;

export const value = (
  name: string,
  shape: Shape,
  options: Partial<Omit<Value, "id" | "name" | "shape">> = {},
): Value => ({
  id: count++,
  name,
  shape,
  dtype: "f32",
  ...options,
});
