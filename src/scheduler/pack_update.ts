// An update over a small network's arena without what lies between its tensors, which begin at multiples of 64.
import type { Sizes, Variant } from "../kernel/kernel.ts";
import type { Segment } from "./arenas.ts";
import { definePass } from "./fuse.ts";
import { tune } from "./tuning.ts";
import type { Work } from "./work.ts";

/** It pays where at least a quarter is left out, by a text that grows with the tensors. */
const MOST_SHARE = 0.75;
const MOST_STRETCHES = 16;

/** Elements from .. to that hold tensors, rows' padding included; neighbours are one. */
export function stretchesOf(segments: readonly Pick<Segment, "offset" | "rows" | "pitch">[]): [number, number][] {
  const stretches: [number, number][] = [];
  for (const { offset, rows, pitch } of segments) {
    const last = stretches.at(-1);
    if (last?.[1] === offset) last[1] += rows * pitch;
    else stretches.push([offset, offset + rows * pitch]);
  }
  return stretches;
}

/** The i-th quad of all stretches: what was left out before it is added. */
function spotOf(stretches: readonly (readonly [number, number])[]): string {
  let [quads, end] = [0, 0];
  const skips = stretches.map(([from, to]) => {
    const skip = `select(0u, ${(from - end) / 4}u, i >= ${quads}u)`;
    quads += (to - from) / 4;
    end = to;
    return skip;
  });
  return `fn spot(at: Place, i: u32) -> u32 {\n  return i + ${skips.join(" + ")};\n}`;
}

/** Sizes and variant of an update that goes over these stretches alone. */
export function packed(
  { sizes, variant }: { readonly sizes: Sizes; readonly variant: Variant },
  stretches: readonly (readonly [number, number])[],
): { sizes: Sizes; variant: Variant } {
  const size = stretches.reduce((total, [from, to]) => total + to - from, 0);
  return {
    sizes: { ...sizes, size, arena: sizes.arena ?? (sizes.size as number) },
    variant: { ...variant, stretches, hooks: { ...variant.hooks, spot: spotOf(stretches) } },
  };
}

/** An update of a whole arena that finds elements by nothing else, packed where that pays. */
function pack(work: Work): Work {
  const { kernel, sizes, tensors, segments } = work;
  if (kernel !== "update" || !segments || tensors.tiles || sizes.terms) return work;
  const stretches = stretchesOf(segments);
  const left = stretches.reduce((total, [from, to]) => total + to - from, 0);
  if (left > MOST_SHARE * (sizes.size as number) || stretches.length > MOST_STRETCHES) return work;
  // The constants are of the whole arena.
  const { consts: _, ...variant } = work.variant;
  return { ...work, ...packed({ sizes, variant }, stretches) };
}

definePass("packed updates", (work, _, tuning, note) =>
  work.map((at) => {
    const made = pack(at);
    if (made === at) return at;
    note("pack", [at], [made.sizes.size as number, at.sizes.size as number]);
    return tune(made, tuning);
  }),
);
