// What a dispatch costs by its plan: bytes of the tensors it touches, and floating-point operations; and what an optimizer does.
import { ALIGNMENT, elements } from "../core/shape.ts";
import { parameter } from "../graph/node.ts";
import type { Optimizer } from "../optim/chain.ts";
import { compileNow } from "../optim/compile_now.ts";
import { ruleNamed } from "../optim/rule.ts";
import { arenas, sizesOf } from "./arenas.ts";
import { place } from "./place.ts";
import type { Binding, Dispatch } from "./plan.ts";
import { updateWork } from "./parts.ts";

export interface Cost {
  readonly bytes: number;
  readonly flops: number;
}

const WIDTH = { f32: 4, u32: 4, u8: 1 } as const;

/** Bytes of a binding over the dispatch's runs and slices: shared tensors once, updated ones read and written. */
function bytesOf({ shape, dtype, run, slice, mode }: Binding, { runs, slices }: Dispatch): number {
  const copies = (run > 0 ? runs.count : 1) * (slice > 0 ? slices : 1);
  return elements(shape) * WIDTH[dtype] * copies * (mode === "update" ? 2 : 1);
}

/** Bytes an update really moves: the gradient is read only, and only its own rules' state slots are touched. */
function updateBytes({ sizes, variant, runs }: Dispatch): number {
  const slots = (variant.chain ?? []).reduce((total, { rule }) => total + ruleNamed(rule).slots, 0);
  // Terms on the way read p and leave a number for every 64.
  const { terms = 0 } = sizes;
  const moved = (variant.cut ? 2 : 3) + (terms > 0 ? 1 + terms / ALIGNMENT : 0);
  return (sizes.size as number) * runs.count * 4 * (moved + 2 * slots);
}

function flopsOf({ kernel, sizes, variant, runs, slices, parts }: Dispatch): number {
  if (parts) return parts.reduce((total, part) => total + flopsOf(part), 0);
  const { m = 0, n = 0, k = 0, rows = 0, cols = 0, size = 0 } = sizes;
  const times = runs.count * slices;
  if (kernel.startsWith("matmul_")) return 2 * m * n * k * times;
  if (kernel === "update") return size * times * 6 * (variant.chain?.length ?? 1);
  return rows * cols * times;
}

/** Of which a matmul that updates what its gradient is of has none. */
const gradientBytes = ({ sizes, runs }: Dispatch): number => (sizes.size as number) * runs.count * 4;

/** Its bindings that an update moves. */
const UPDATED: readonly string[] = ["y", "sums", "state", "hyper", "latch"];

/** What a reduction over rows and columns goes through for each. */
const ARENAS = { gradient: 0, parameter: 0, state: 0 };

/** The gathered rows of a data set count, not the data set; a fused dispatch moves what its own bindings move. */
export function costOf(dispatch: Dispatch): Cost {
  const flops = flopsOf(dispatch);
  if (dispatch.kernel === "update") return { bytes: updateBytes(dispatch), flops };
  const { passes = 1 } = dispatch.sizes;
  const { rows, picks = rows } = dispatch.bindings;
  const count = picks?.shape[0];
  const updates = (dispatch.parts ?? []).filter(({ kernel }) => kernel === "update");
  const entries = Object.entries(dispatch.bindings).filter(([name]) => updates.length === 0 || !UPDATED.includes(name));
  const played = updates.reduce((total, part) => total + updateBytes(part) - gradientBytes(part), 0);
  const bytes = entries.reduce((total, [name, binding]) => {
    const resident = /^(data|words|a|d\d+)$/.test(name);
    const again = name in ARENAS ? passes : 1;
    if (!resident || count === undefined) return total + again * bytesOf(binding, dispatch);
    const width = binding.shape[1] ?? 1;
    return total + count * width * WIDTH[binding.dtype] * dispatch.runs.count;
  }, played);
  return { bytes, flops };
}

export interface OptimizerCost {
  /** State floats per parameter. */
  readonly state: number;
  /** Bytes moved per parameter and step: gradient, parameter and state, and what reductions read. */
  readonly bytes: number;
  /** Dispatches per step, however many tensors the model has. */
  readonly dispatches: number;
}

/** Parameters the cost is counted over: so many that what a reduction does once a run is lost in the digits. */
const SIDE = 2 ** 10;
const MANY = SIDE ** 2;

/** What an optimizer costs beside the forward and backward passes, by the plan of its update. */
export function optimizerCost(optimizer: Optimizer): OptimizerCost {
  const chain = compileNow(optimizer);
  const of = arenas([{ node: parameter("w", [SIDE, SIDE]), name: "w" }], { runs: 1, orders: 1, ...sizesOf([chain]) });
  const { dispatches } = place("cost", updateWork(of, { chain, range: { first: 0, count: 1 } }), new Set(), 1);
  const bytes = dispatches.reduce((total, dispatch) => total + costOf(dispatch).bytes, 0);
  return {
    state: Math.round(1000 * (chain.slots + (chain.lines * of.lineRoom) / MANY)) / 1000,
    bytes: Math.round((1000 * bytes) / MANY) / 1000,
    dispatches: dispatches.length,
  };
}
