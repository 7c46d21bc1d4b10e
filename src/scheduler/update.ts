// The optimizer's dispatches: for each phase of a chain its reduction, then one kernel over the whole arena of its runs.
import type { CompiledChain } from "../optim/chain.ts";
import { phaseVariant } from "../optim/update.ts";
import { BLOCK, SQUARES } from "../ops/sum.ts";
import type { Arenas } from "./arenas.ts";
import { type Range, type Value, value, type Work } from "./work.ts";

/** The tensors of the update kernel, in the arenas. */
function arenaValues({ runs, size, slots, scalars }: Arenas): Record<string, Value> {
  const at = (
    name: string,
    shape: number[],
    home: { buffer: string; run: number; pitch?: number },
    dtype: "f32" | "u32" = "f32",
  ) => value(name, shape, { dtype, home: { offset: 0, ...home } });
  return {
    gradient: at("gradients", [size], { buffer: "gradients", run: size }),
    parameter: at("parameters", [size], { buffer: "parameters", run: size }),
    state: at("state", [Math.max(slots, 1), size], { buffer: "state", run: size, pitch: runs * size }),
    hyper: at("hyper", [2 * Math.max(scalars, 1)], { buffer: "hyper", run: 2 * Math.max(scalars, 1) }, "u32"),
    latch: at("latch", [1], { buffer: "latch", run: 1 }, "u32"),
  };
}

/** The squared norm of all gradients of each run: two dispatches, one tree fixed by the size. */
function squaredNorm({ size }: Arenas, gradient: Value, range: Range): { work: Work[]; value: Value } {
  const blocks = size / BLOCK;
  const partial = value("gradient norm blocks", [blocks]);
  const norm = value("squared gradient norm", [1]);
  const first = value("all blocks", [2], { dtype: "u32", words: [0, blocks] });
  const common = { runs: range, slices: 1 };
  const blockSums: Work = {
    name: "gradient norm, blocks",
    kernel: "block_sums",
    sizes: { rows: 1, cols: size },
    variant: SQUARES,
    tensors: { x: gradient, y: partial },
    ...common,
  };
  const sizes = { blocks, segments: 1, factor: 1 };
  const total: Work = {
    name: "gradient norm",
    kernel: "segment_sums",
    sizes,
    variant: {},
    tensors: { x: partial, first, y: norm },
    ...common,
  };
  return { work: [blockSums, total], value: norm };
}

/** The dispatches of one chain over its runs. */
export function updateWork(arenas: Arenas, chain: CompiledChain, range: Range): Work[] {
  const tensors = arenaValues(arenas);
  const { size, slots, scalars } = arenas;
  const none = value("no reduction", [1], { fill: 0 });
  return chain.phases.flatMap((phase) => {
    const reduction = phase.reduces ? squaredNorm(arenas, tensors.gradient as Value, range) : undefined;
    const variant = phaseVariant(phase);
    const update: Work = {
      name: `update: ${variant.label}`,
      kernel: "update",
      sizes: { size, slots: Math.max(slots, 1), scalars: Math.max(scalars, 1) },
      variant,
      tensors: { ...tensors, reduced: reduction?.value ?? none },
      runs: range,
      slices: 1,
    };
    return [...(reduction?.work ?? []), update];
  });
}
