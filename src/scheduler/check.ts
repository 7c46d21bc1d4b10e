// A plan's checks in words: buffers bound read and written at once, values overwritten while still wanted, limits of the adapter.
import { fail } from "../core/check.ts";
import type { Binding, BufferSpec, Dispatch, Plan } from "./plan.ts";

/** Bytes: what the adapter allows a storage binding and a buffer to be, and all buffers together where known. */
export interface Limits {
  readonly binding: number;
  readonly buffer: number;
}

/** The first and last element a binding can touch over all its runs, slices and steps. */
function extent({ offset, run, slice, step, shape, pitch }: Binding, { runs, slices }: Dispatch, steps: number): [number, number] {
  const rows = shape.slice(0, -1).reduce((product, n) => product * n, 1);
  const last = (rows - 1) * pitch + (shape[shape.length - 1] ?? 1);
  const begin = offset + runs.first * run;
  return [begin, begin + (runs.count - 1) * run + (slices - 1) * slice + (steps - 1) * step + last];
}

const overlap = (a: [number, number], b: [number, number]): boolean => a[0] < b[1] && b[0] < a[1];

/** Within a dispatch nothing written may overlap anything else it touches, unless it is one tensor updated in place. */
export function checkAliases(dispatch: Dispatch): void {
  const bindings = Object.entries(dispatch.bindings);
  for (const [name, binding] of bindings) {
    if (binding.mode === "read") continue;
    for (const [other, second] of bindings) {
      if (other === name || second.buffer !== binding.buffer) continue;
      if (overlap(extent(binding, dispatch, 1), extent(second, dispatch, 1))) {
        fail(dispatch.name, `writes ${name} over ${other}: both lie in ${binding.buffer}`, "give one of them another place");
      }
    }
  }
}

/**
 * Anti-dependences: once a dispatch has overwritten a parameter or variable, no later one of the step may read it as it was.
 * `arenas` names the buffers whose contents outlive a step.
 */
export function checkOverwrites(plan: Plan, arenas: ReadonlySet<string>): void {
  const written: { by: string; buffer: string; at: [number, number]; kernel: string }[] = [];
  for (const dispatch of plan.dispatches) {
    for (const [name, binding] of Object.entries(dispatch.bindings)) {
      if (!arenas.has(binding.buffer) || binding.mode === "write") continue;
      const at = extent(binding, dispatch, 1);
      const clash = written.find((earlier) => earlier.buffer === binding.buffer && overlap(earlier.at, at));
      if (clash) fail(dispatch.name, `reads ${name} after ${clash.by} has overwritten it in the same step`, "order the update last");
    }
    for (const binding of Object.values(dispatch.bindings)) {
      if (arenas.has(binding.buffer) && binding.mode !== "read") {
        written.push({ by: dispatch.name, buffer: binding.buffer, at: extent(binding, dispatch, 1), kernel: dispatch.kernel });
      }
    }
  }
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
    const most = Math.floor((limit / bytes) * runs);
    const each = `${runs} runs x ${mebibytes(bytes / runs)} of ${buffer.name} = ${mebibytes(bytes)}`;
    fail("memory", `${each}, limit ${mebibytes(limit)} per binding`, most > 0 ? `at most ${most} runs` : "make the model or the batch smaller");
  }
}
