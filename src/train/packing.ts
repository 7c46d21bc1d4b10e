// Numbers in the order a caller wrote them, and where they lie in an arena.
import { fail } from "../core/check.ts";
import type { Arenas, Segment } from "../scheduler/arenas.ts";

/** A vector, or a matrix by its rows. */
export type ReplayTensor = readonly number[] | readonly (readonly number[])[];

/** A start as named tensors, in the order of its numbers. */
export type Tensors = readonly Named[];

interface Named {
  readonly name: string;
  readonly shape: readonly number[];
  readonly numbers: readonly number[];
}

/** The tensors of a start; a single one is called x. Throws for rows that differ. */
export function tensorsOf(start: ReplayTensor | Readonly<Record<string, ReplayTensor>>): Tensors {
  const entries = Object.entries(Array.isArray(start) ? { x: start as ReplayTensor } : start) as [
    string,
    ReplayTensor,
  ][];
  if (entries.length === 0) fail("replay", "start has no tensors", "give numbers");
  return entries.map(([name, tensor]) => {
    const rows = tensor.map((row) => (typeof row === "number" ? [row] : row));
    const cols = rows[0]?.length ?? 0;
    if (cols === 0 || rows.some((row) => row.length !== cols)) {
      fail(
        "replay",
        `${name} has rows of ${rows.map((row) => row.length).join(", ") || "no"} numbers, expected equal ones`,
      );
    }
    const shape = typeof tensor[0] === "number" ? [rows.length] : [rows.length, cols];
    return { name, shape, numbers: rows.flat() };
  });
}

/** Numbers in the order of the tensors, put where they lie in an arena and taken from there. */
export class Packing {
  readonly #segments: readonly { readonly segment: Segment; readonly from: number }[];

  constructor(tensors: readonly Named[], { segments }: Arenas) {
    let from = 0;
    this.#segments = tensors.map(({ name, numbers }) => {
      const at = { segment: segments.find((segment) => segment.name === name) as Segment, from };
      from += numbers.length;
      return at;
    });
  }

  #each(visit: (number: number, element: number) => void): void {
    for (const { segment, from } of this.#segments) {
      const { rows, cols, pitch, offset } = segment;
      for (let i = 0; i < rows * cols; i++) visit(from + i, offset + Math.floor(i / cols) * pitch + (i % cols));
    }
  }

  put(arena: Float64Array, start: number, numbers: readonly number[]): void {
    this.#each((number, element) => {
      arena[start + element] = numbers[number] as number;
    });
  }

  take(arena: ArrayLike<number>, start: number): number[] {
    const numbers: number[] = [];
    this.#each((number, element) => {
      numbers[number] = arena[start + element] as number;
    });
    return numbers;
  }
}
