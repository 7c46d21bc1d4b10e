// Lays a case's tensors out in the buffers of a batch, each between guards, and makes the dispatch that the engine would.
import { columnsOf, type Dtype, pitchOf, roundUp, rowsOf, type Shape } from "../core/shape.ts";
import { RUN_WORDS } from "../backend/execute.ts";
import type { Case, Fill, Lie, Part } from "../kernel/cases.ts";
import { type Access, kernelNamed } from "../kernel/kernel.ts";
import type { Binding, Dispatch } from "../scheduler/plan.ts";

/** Elements before and after every tensor that nothing may touch. */
const GUARD = 16;

/** Distinct orders of the run table that all cases of a batch share; run r has order (r + 1) mod 3, never its own number. */
export const ORDERS = 3;
export const orderOf = (run: number): number => (run + 1) % ORDERS;

export function runTable(runs: number): Uint32Array<ArrayBuffer> {
  const table = new Uint32Array(runs * RUN_WORDS);
  for (let run = 0; run < runs; run++) table.set([orderOf(run), run, run, run], run * RUN_WORDS);
  return table;
}

export interface LaidTensor {
  readonly name: string;
  readonly binding: Binding;
  readonly fill: Fill | undefined;
  /** Elements of its buffer that belong to it, guards included. */
  readonly start: number;
  readonly end: number;
}

export interface LaidCase {
  readonly at: Case;
  readonly dispatch: Dispatch;
  readonly tensors: readonly LaidTensor[];
}

/** A buffer of a batch: all tensors of one name, or of merged names. */
export interface Room {
  readonly dtype: Dtype;
  length: number;
  /** Exists on the CPU only, between the parts of a fused case. */
  readonly part: boolean;
}

interface Declared {
  readonly access: Access;
  readonly written: boolean;
}

const nameOf = (part: Part, binding: string): string => part.tensors?.[binding] ?? binding;

/** Every tensor of a case's parts with its shape, and whether a part writes it. */
function declare(at: Case): Map<string, Declared> {
  const found = new Map<string, Declared>();
  for (const part of at.parts ?? [at]) {
    const accesses = kernelNamed(part.kernel).bindings(part.sizes, part.variant.consts ?? {});
    for (const [binding, access] of Object.entries(accesses)) {
      const name = nameOf(part, binding);
      const known = found.get(name);
      const written = access.mode !== "read" || known?.written === true;
      found.set(name, { access: known?.access ?? access, written });
    }
  }
  return found;
}

/** Bindings of the dispatch whose elements are vec4s or packed words, so that they lie at multiples of 4. */
function quads(at: Case): Set<string> {
  const types = new Map(kernelNamed(at.kernel).source.bindings.map(({ name, type }) => [name, type]));
  for (const { name, type } of at.variant.extra ?? []) types.set(name, type);
  const wide = [...types].filter(([name, type]) => type === "array<vec4f>" || at.variant.types?.[name] !== undefined);
  return new Set(wide.map(([name]) => nameOf(at, name)));
}

interface Strides {
  readonly run: number;
  readonly slice: number;
  readonly step: number;
  readonly pitch: number;
  readonly extent: number;
}

function stridesOf(
  at: Case,
  shape: Shape,
  how: { lie: Lie; quad: boolean; shared: boolean; orders: boolean },
): Strides {
  const { lie, quad, shared, orders } = how;
  const [rows, cols] = [rowsOf(shape), columnsOf(shape)];
  const wide = at.place === "wide";
  const vector = shape.length <= 1;
  const pitch = lie.pitch ?? pitchOf(cols) + (wide && !vector ? 4 : 0);
  const room = vector ? (quad ? pitchOf(cols) : cols) : rows * pitch;
  const last = (orders ? ORDERS : at.runs.first + at.runs.count) - 1;
  const run = shared ? 0 : (lie.run ?? room + (wide ? 8 : 0));
  const block = lie.run === undefined ? room + run * last : Math.max(room, (rows - 1) * pitch + cols + run * last);
  const slice = at.slices > 1 ? (lie.slice ?? roundUp(block, 4)) : 0;
  const whole = block + slice * (at.slices - 1);
  const step = lie.stepped ? roundUp(whole, 4) : 0;
  return { run, slice, step, pitch, extent: whole + step * at.step.index };
}

/** Lays one case behind what `rooms` already holds. */
export function lay(at: Case, rooms: Map<string, Room>): LaidCase {
  const declared = declare(at);
  const wide = quads(at);
  const bindings = Object.keys(kernelNamed(at.kernel).bindings(at.sizes, at.variant.consts ?? {}));
  for (const { name } of at.variant.extra ?? []) if (name !== "step" && name !== "runs") bindings.push(name);
  const main = bindings.map((binding) => [binding, nameOf(at, binding)] as const);
  const bound = new Set(main.map(([, name]) => name));
  const tensors = [...declared].map(([name, { access, written }]): LaidTensor => {
    const lie = at.lies[name] ?? {};
    const { shape, dtype } = { shape: access.shape, dtype: access.dtype, ...lie };
    const quad = wide.has(name) || dtype === "u8";
    const orders = access.via === "order";
    const strides = stridesOf(at, shape, { lie, quad, shared: at.shared.includes(name), orders });
    const part = !bound.has(name);
    const buffer = part ? `part ${name}` : `${at.merge.includes(name) ? "merged" : name} ${dtype}`;
    const room = rooms.get(buffer) ?? { dtype, length: 0, part };
    rooms.set(buffer, room);
    const start = roundUp(room.length, 16);
    const offset = start + GUARD + (quad || part ? 12 : 13);
    room.length = roundUp(offset + strides.extent + GUARD, 16);
    const { extent: _, ...rest } = strides;
    const mode = access.mode === "update" ? "update" : written ? "write" : "read";
    const binding: Binding = { buffer, mode, shape, dtype, offset, ...rest, ...(orders ? { via: "order" } : {}) };
    const filled = mode !== "write" && !lie.unread;
    return { name, binding, fill: filled ? (lie.fill ?? at.fill) : undefined, start, end: room.length };
  });
  return { at, dispatch: dispatchOf(at, new Map(tensors.map(({ name, binding }) => [name, binding])), main), tensors };
}

function dispatchOf(
  at: Case,
  places: ReadonlyMap<string, Binding>,
  main: readonly (readonly [string, string])[],
): Dispatch {
  const { runs, slices } = at;
  const bind = (part: Part): Dispatch["bindings"] => {
    const accesses = kernelNamed(part.kernel).bindings(part.sizes, part.variant.consts ?? {});
    const entries = Object.entries(accesses).map(([binding, { mode }]) => {
      const place = places.get(nameOf(part, binding)) as Binding;
      return [binding, { ...place, mode }] as const;
    });
    return Object.fromEntries(entries);
  };
  const { kernel, variant, sizes } = at;
  const parts = at.parts?.map(
    (part): Dispatch => ({
      name: part.kernel,
      kernel: part.kernel,
      variant: part.variant,
      sizes: part.sizes,
      bindings: bind(part),
      runs,
      slices,
    }),
  );
  const bindings = Object.fromEntries(main.map(([binding, name]) => [binding, places.get(name) as Binding]));
  return { name: kernel, kernel, variant, sizes, bindings, runs, slices, ...(parts ? { parts } : {}) };
}

/** Where a tensor's runs and slices begin, each once: the run whose numbers it holds, and its slice. */
export function instances(
  { runs, slices, step }: Case,
  { offset, run, slice, step: perStep, via }: Binding,
): { offset: number; run: number; slice: number }[] {
  const found = new Map<number, { offset: number; run: number; slice: number }>();
  for (let r = runs.first; r < runs.first + runs.count; r++) {
    const holder = via === "order" ? orderOf(r) : r;
    for (let s = 0; s < slices; s++) {
      const at = offset + holder * run + s * slice + step.index * perStep;
      if (!found.has(at)) found.set(at, { offset: at, run: run === 0 ? 0 : holder, slice: slice === 0 ? 0 : s });
    }
  }
  return [...found.values()];
}
