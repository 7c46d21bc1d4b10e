// A plan's checks in words: buffers bound read and written at once, values overwritten while still wanted, limits of the adapter.
import { fail } from "../core/check.ts";
import { kernelNamed } from "../kernel/kernel.ts";
import type { Binding, BufferSpec, Dispatch, Plan } from "./plan.ts";

/** Bytes: what the adapter allows a storage binding and a buffer to be, and all buffers together where known. */
export interface Limits {
  readonly binding: number;
  readonly buffer: number;
}

/** The elements one run of a binding spans, from its offset. */
function span({ offset, shape, pitch }: Binding): [number, number] {
  const rows = shape.slice(0, -1).reduce((product, n) => product * n, 1);
  return [offset, offset + (rows - 1) * pitch + (shape[shape.length - 1] ?? 1)];
}

/** Everything a binding can touch over the dispatch's runs, slices and steps. */
function extent(binding: Binding, { runs, slices }: Dispatch): [number, number] {
  const [begin, end] = span(binding);
  const first = begin + runs.first * binding.run;
  return [first, end + (runs.first + runs.count - 1) * binding.run + (slices - 1) * binding.slice];
}

const overlap = (a: [number, number], b: [number, number]): boolean => a[0] < b[1] && b[0] < a[1];

/** Tensors laid out by the same stride meet only where they meet within a run; others wherever their extents do. */
function meet(a: Binding, b: Binding, first: Dispatch, second: Dispatch): boolean {
  if (a.buffer !== b.buffer) return false;
  const sharesRuns =
    first.runs.first < second.runs.first + second.runs.count && second.runs.first < first.runs.first + first.runs.count;
  if (a.run === b.run && a.run > 0 && a.slice === b.slice) return sharesRuns && overlap(span(a), span(b));
  return overlap(extent(a, first), extent(b, second));
}

/** Within a dispatch nothing written may overlap anything else it touches, unless it is one tensor updated in place. */
export function checkAliases(dispatch: Dispatch): void {
  const bindings = Object.entries(dispatch.bindings);
  for (const [name, binding] of bindings) {
    if (binding.mode === "read") continue;
    for (const [other, second] of bindings) {
      if (other !== name && meet(binding, second, dispatch, dispatch)) {
        fail(
          dispatch.name,
          `writes ${name} over ${other}: both lie in ${binding.buffer}`,
          "give one of them another place",
        );
      }
    }
  }
}

const isListed = ({ bindings: { tiles, groups } }: Dispatch): boolean => (tiles ?? groups) !== undefined;

/**
 * Anti-dependences: once a dispatch has overwritten a parameter or variable, no later one of the step may read it as it was.
 * `arenas` names the buffers whose contents outlive a step.
 */
export function checkOverwrites(plan: Plan, arenas: ReadonlySet<string>): void {
  const written: { binding: Binding; by: Dispatch }[] = [];
  for (const dispatch of plan.dispatches) {
    const touched = Object.entries(dispatch.bindings).filter(([, { buffer }]) => arenas.has(buffer));
    for (const [name, binding] of touched) {
      if (binding.mode === "write") continue;
      const clash = written.find((earlier) => meet(earlier.binding, binding, earlier.by, dispatch));
      // Lists of blocks or lines share none: groups of parameters.
      if (clash && !(isListed(dispatch) && isListed(clash.by)))
        fail(
          dispatch.name,
          `reads ${name} after ${clash.by.name} has overwritten it in the same step`,
          "order the update last",
        );
    }
    for (const [name, binding] of touched) {
      // A phase that is cut hands u on and leaves p as it was.
      const kept = binding.mode === "read" || (dispatch.variant.cut && name === "parameter");
      if (!kept) written.push({ binding, by: dispatch });
    }
  }
}

/** WebGPU's default limit of storage buffers a stage, which every plan keeps within. */
const MOST_BUFFERS = 8;

/** Storage buffers a dispatch binds: tensors of one buffer share a binding; the step and the run table take one each. */
export function checkBindings({ name, kernel, variant, bindings }: Dispatch): void {
  const named = [...kernelNamed(kernel).source.bindings, ...(variant.extra ?? [])].map((binding) => binding.name);
  const tables = ["step", "runs"].filter((table) => named.includes(table));
  const buffers = new Set(Object.values(bindings).map(({ buffer }) => buffer));
  const count = buffers.size + tables.length;
  if (count <= MOST_BUFFERS) return;
  const all = [...buffers, ...tables].join(", ");
  fail(
    name,
    `binds ${count} storage buffers (${all}), WebGPU guarantees ${MOST_BUFFERS}`,
    "fuse less into one dispatch",
  );
}

const BYTES = { f32: 4, u32: 4, u8: 1 } as const;

export const bytesOf = ({ dtype, length }: BufferSpec): number => length * BYTES[dtype];

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 2 : 1)} MiB`;

/** Every buffer against the adapter's limits, before any is made; says how many runs would fit. */
export function checkMemory(buffers: readonly BufferSpec[], limits: Limits, runs: number): void {
  for (const buffer of buffers) {
    if (buffer.role === "part") continue;
    const bytes = bytesOf(buffer);
    const limit = Math.min(limits.binding, limits.buffer);
    if (bytes <= limit) continue;
    if (buffer.role === "data" || buffer.role === "constant") {
      fail(
        "memory",
        `${buffer.name} takes ${mebibytes(bytes)}, limit ${mebibytes(limit)} per binding`,
        "use fewer rows or features",
      );
    }
    const most = Math.floor((limit * runs) / bytes);
    const each = `${runs} runs x ${mebibytes(bytes / runs)} of ${buffer.name} = ${mebibytes(bytes)}`;
    fail(
      "memory",
      `${each}, limit ${mebibytes(limit)} per binding`,
      most > 0 ? `at most ${most} runs` : "make the model or the batch smaller",
    );
  }
}
