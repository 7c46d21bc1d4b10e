// The optimizer's dispatches. A chain of one kernel over the arena of its runs is planned here; the others in parts.ts.
import { fail } from "../core/check.ts";
import type { CompiledChain } from "../optim/compile.ts";
import { playedVariant } from "../optim/phase.ts";
import { ruleNamed } from "../optim/rule.ts";
import { type Arenas, reducedRoom } from "./arenas.ts";
import { type Range, type Value, value, type Work } from "./work.ts";

/** The tensors of the update kernel, in the arenas. */
export function arenaValues(of: Arenas): Record<string, Value> {
  const { runs, size, slots, scalars, reduced, segments } = of;
  const at = (
    name: string,
    shape: number[],
    home: { buffer: string; run: number; pitch?: number },
    dtype: "f32" | "u32" = "f32",
  ) => value(name, shape, { dtype, home: { offset: 0, ...home } });
  const room = reducedRoom(of);
  const shape = reduced ? [reduced, segments.length] : [1];
  return {
    gradient: at("gradients", [size], { buffer: "gradients", run: size }),
    parameter: at("parameters", [size], { buffer: "parameters", run: size }),
    state: at("state", [Math.max(slots, 1), size], { buffer: "state", run: size, pitch: runs * size }),
    hyper: at("hyper", [2 * Math.max(scalars, 1)], { buffer: "hyper", run: 2 * Math.max(scalars, 1) }, "u32"),
    latch: at("latch", [1], { buffer: "latch", run: 1 }, "u32"),
    // Rules over lines alone reduce nothing else: their buffer stands in.
    reduced: room ? at("reduced", shape, { buffer: "reduced", run: room }) : value("no reduction", [1], { fill: 0 }),
  };
}

/** Sizes of the update kernel that all phases share. */
export const counts = ({ slots, scalars }: Arenas) => ({ slots: Math.max(slots, 1), scalars: Math.max(scalars, 1) });

/** The step; what comes before its second gradient; or the view that is evaluated. */
export type UpdateKind = "step" | "aside" | "view";

/** The dispatches of one chain over its runs; unfused ones if asked for. */
export type Planner = (
  arenas: Arenas,
  of: { readonly chain: CompiledChain; readonly range: Range },
  options?: { readonly kind?: UpdateKind; readonly fused?: boolean },
) => Work[];

/** Whether a chain is one phase over all parameters that asks nothing of tensors, and leaves p where it is evaluated. */
export const isSimple = ({ phases: [phase, ...more], groups, viewed }: CompiledChain): boolean =>
  phase !== undefined &&
  more.length === 0 &&
  !groups &&
  !viewed &&
  !phase.reduces &&
  phase.links.every(({ rule, draws }) => !draws && !ruleNamed(rule).matrix);

/** One kernel for chains that are simple; others take parts.ts, which a page that has none need not load. */
export const simpleUpdate: Planner = (arenas, { chain, range }, { kind = "step" } = {}) => {
  const [phase] = chain.phases;
  if (!phase || !isSimple(chain) || kind === "view") fail("update", `${chain.key} has parts`, "plan it by parts.ts");
  const variant = playedVariant(phase);
  const sizes = { size: arenas.size, ...counts(arenas) };
  const tensors = arenaValues(arenas);
  const { segments } = arenas;
  const name = `update: ${variant.label}`;
  return kind === "aside"
    ? []
    : [{ name, kernel: "update", sizes, variant, tensors, runs: range, slices: 1, segments }];
};
