// A plan: dispatches in order, as printable data. No closures: kernels and rules are named.
import type { Dtype, Shape } from "../core/shape.ts";
import type { Sizes, Variant } from "../kernel/kernel.ts";
import type { Range } from "./work.ts";

/** One tensor of a dispatch: where it lies for every run, slice and step. All in elements. */
export interface Binding {
  readonly buffer: string;
  readonly mode: "read" | "write" | "update";
  readonly shape: Shape;
  readonly dtype: Dtype;
  readonly offset: number;
  readonly run: number;
  readonly slice: number;
  readonly step: number;
  readonly pitch: number;
  readonly via?: "order";
}

export interface Dispatch {
  readonly name: string;
  readonly kernel: string;
  readonly variant: Variant;
  readonly sizes: Sizes;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly runs: Range;
  readonly slices: number;
  readonly parts?: readonly Dispatch[];
}

export type Role = "arena" | "data" | "pool" | "ring" | "constant" | "part";

/** A buffer a plan needs, filled once: with a number throughout, or with numbers of its type. */
export interface BufferSpec {
  readonly name: string;
  readonly dtype: Dtype;
  /** Elements; a u8 element is a byte. */
  readonly length: number;
  readonly role: Role;
  readonly fill?: number;
  readonly words?: readonly number[];
}

export interface Plan {
  readonly name: string;
  readonly buffers: readonly BufferSpec[];
  readonly dispatches: readonly Dispatch[];
}

/** Sums may be reordered only by naming another class. Within one, tile, population, fusion and pace change no bit. */
export const NUMERIC_CLASSES = ["sequential", "split-k"] as const;
export type NumericClass = (typeof NUMERIC_CLASSES)[number];
