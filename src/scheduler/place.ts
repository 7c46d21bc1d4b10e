// Gives every value a place: homes stay, constants get buffers of their own, the rest share pool buffers once they are dead.
import { fail } from "../core/check.ts";
import { columnsOf, type Dtype, pitchOf, rowsOf, roundUp, type Shape } from "../core/shape.ts";
import { kernelNamed } from "../kernel/kernel.ts";
import { reads, writes } from "./lower.ts";
import type { Binding, BufferSpec, Dispatch } from "./plan.ts";
import type { Home, Value, Work } from "./work.ts";

export interface Placed {
  readonly buffers: readonly BufferSpec[];
  readonly dispatches: readonly Dispatch[];
}

/** Elements a value takes for one run, rounded up to whole vec4s. */
export const roomOf = (shape: Shape): number => rowsOf(shape) * pitchOf(columnsOf(shape));

/** Pool buffers: a value takes the smallest free one of its type, grown if need be; freed after its last reader. */
class Pool {
  readonly sizes: number[] = [];
  readonly #dtypes: Dtype[] = [];
  readonly #free = new Set<number>();
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  take(length: number, dtype: Dtype): number {
    const free = [...this.#free].filter((i) => this.#dtypes[i] === dtype);
    const fitting = free.sort((a, b) => (this.sizes[a] as number) - (this.sizes[b] as number));
    const index = fitting.find((i) => (this.sizes[i] as number) >= length) ?? fitting.at(-1) ?? this.sizes.length;
    this.sizes[index] = Math.max(this.sizes[index] ?? 0, length);
    this.#dtypes[index] = dtype;
    this.#free.delete(index);
    return index;
  }

  give(index: number): void {
    this.#free.add(index);
  }

  name = (index: number): string => `${this.#prefix}.pool${index}`;

  specs(): BufferSpec[] {
    const dtype = (i: number): Dtype => this.#dtypes[i] as Dtype;
    return this.sizes.map((length, i) => ({
      name: this.name(i),
      dtype: dtype(i),
      length: roundUp(length, 4),
      role: "pool",
    }));
  }
}

class Placement {
  readonly homes = new Map<Value, Home>();
  readonly constants: BufferSpec[] = [];
  readonly pool: Pool;
  readonly #plan: string;
  readonly #runs: number;

  constructor(plan: string, runs: number) {
    this.#plan = plan;
    this.#runs = runs;
    this.pool = new Pool(plan);
  }

  constant(value: Value): void {
    if (this.homes.has(value)) return;
    const name = `${this.#plan}.${value.name}.${this.constants.length}`;
    const length = roundUp(value.words?.length ?? roomOf(value.shape), 4);
    const init = value.words ? { words: value.words } : { fill: value.fill as number };
    this.constants.push({ name, dtype: value.dtype, length, role: "constant", ...init });
    this.homes.set(value, { buffer: name, offset: 0, run: 0 });
  }

  /** Homes for all values of the work, in one pass over its lifetimes. */
  place(work: readonly Work[], wanted: ReadonlySet<Value>): void {
    const last = new Map<Value, number>();
    work.forEach((at, i) => {
      for (const value of [...Object.values(reads(at)), ...Object.values(writes(at))]) last.set(value, i);
    });
    const taken = new Map<Value, number>();
    work.forEach((at, i) => {
      for (const value of Object.values(reads(at))) {
        if (value.home) this.homes.set(value, value.home);
        else if (value.fill !== undefined || value.words) this.constant(value);
        else if (!this.homes.has(value)) fail(at.name, `reads ${value.name} before anything has written it`);
      }
      for (const value of Object.values(writes(at))) this.#written(value, taken);
      for (const [value, index] of taken) {
        if (last.get(value) === i && !wanted.has(value)) {
          this.pool.give(index);
          taken.delete(value);
        }
      }
    });
  }

  #written(value: Value, taken: Map<Value, number>): void {
    if (value.home) this.homes.set(value, value.home);
    else if (!this.homes.has(value)) {
      const room = roomOf(value.shape);
      const index = this.pool.take(room * this.#runs, value.dtype);
      taken.set(value, index);
      this.homes.set(value, { buffer: this.pool.name(index), offset: 0, run: room });
    }
  }

  binding(value: Value, at: Pick<Binding, "mode" | "via">, part?: { shape: Shape; stride: number }): Binding {
    const home = this.homes.get(value) ?? fail("plan", `${value.name} has no place`);
    const { buffer, offset, run, slice = 0, step = 0, pitch = pitchOf(columnsOf(value.shape)) } = home;
    const { shape = value.shape, stride = slice } = part ?? {};
    const { mode, via } = at;
    return {
      buffer,
      mode,
      shape,
      dtype: value.dtype,
      offset,
      run,
      slice: stride,
      step,
      pitch,
      ...(via ? { via } : {}),
    };
  }

  dispatch(work: Work): Dispatch {
    const { name, kernel, variant, sizes, runs, slices } = work;
    const written = writes(work);
    const accesses = kernelNamed(kernel).bindings(sizes, variant.consts ?? {});
    const bindings: Record<string, Binding> = {};
    for (const [key, value] of Object.entries(work.tensors)) {
      const mode = work.updated?.includes(key) ? "update" : (accesses[key]?.mode ?? (written[key] ? "write" : "read"));
      const via = key === "picks" ? "order" : accesses[key]?.via;
      const at = { mode, ...(mode === "read" && via ? { via } : {}) };
      bindings[key] = this.binding(value, at, work.sliced?.[key]);
    }
    const parts = work.parts?.map((part) => this.dispatch(part));
    return { name, kernel, variant, sizes, bindings, runs, slices, ...(parts ? { parts } : {}) };
  }
}

/** Values that live only between the parts of a fused dispatch: places for the CPU, which plays the parts. */
function placeParts(work: readonly Work[], placement: Placement, runs: number, plan: string): BufferSpec[] {
  const specs: BufferSpec[] = [];
  for (const part of work.flatMap(({ parts = [] }) => parts)) {
    for (const value of [...Object.values(reads(part)), ...Object.values(writes(part))]) {
      if (placement.homes.has(value)) continue;
      if (value.home) placement.homes.set(value, value.home);
      else if (value.fill !== undefined || value.words) placement.constant(value);
      else {
        const room = roomOf(value.shape);
        specs.push({
          name: `${plan}.part${specs.length}`,
          dtype: value.dtype,
          length: roundUp(room * runs, 4),
          role: "part",
        });
        placement.homes.set(value, { buffer: `${plan}.part${specs.length - 1}`, offset: 0, run: room });
      }
    }
  }
  return specs;
}

/** Places the work's values; `wanted` ones stay to the end. Runs may be a range of a population of `runs`. */
export function place(
  plan: string,
  work: readonly Work[],
  wanted: ReadonlySet<Value>,
  runs: number,
): Placed & { homes: ReadonlyMap<Value, Home> } {
  const placement = new Placement(plan, runs);
  placement.place(work, wanted);
  const parts = placeParts(work, placement, runs, plan);
  const dispatches = work.map((at) => placement.dispatch(at));
  return { buffers: [...placement.pool.specs(), ...placement.constants, ...parts], dispatches, homes: placement.homes };
}
