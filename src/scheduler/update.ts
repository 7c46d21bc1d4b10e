// The optimizer's dispatches: for each phase of a chain its reduction, then one kernel over the arena of its runs.
import { pitchOf } from "../core/shape.ts";
import type { CompiledChain, Match, Phase } from "../optim/chain.ts";
import type { Stage } from "../kernel/kernel.ts";
import { type CutSlot, ruleNamed } from "../optim/rule.ts";
import { meetsTensors, phaseVariant } from "../optim/update.ts";
import { BLOCK } from "../ops/sum.ts";
import type { Arenas, Segment } from "./arenas.ts";
import { type Range, type Value, value, type Work } from "./work.ts";

/** The tensors of the update kernel, in the arenas. */
function arenaValues({ runs, size, slots, scalars, reduced, segments }: Arenas): Record<string, Value> {
  const at = (
    name: string,
    shape: number[],
    home: { buffer: string; run: number; pitch?: number },
    dtype: "f32" | "u32" = "f32",
  ) => value(name, shape, { dtype, home: { offset: 0, ...home } });
  const room = reduced * pitchOf(segments.length);
  return {
    gradient: at("gradients", [size], { buffer: "gradients", run: size }),
    parameter: at("parameters", [size], { buffer: "parameters", run: size }),
    state: at("state", [Math.max(slots, 1), size], { buffer: "state", run: size, pitch: runs * size }),
    hyper: at("hyper", [2 * Math.max(scalars, 1)], { buffer: "hyper", run: 2 * Math.max(scalars, 1) }, "u32"),
    latch: at("latch", [1], { buffer: "latch", run: 1 }, "u32"),
    reduced: reduced
      ? at("reduced", [reduced, segments.length], { buffer: "reduced", run: room })
      : value("no reduction", [1], { fill: 0 }),
  };
}

const isMatrix = ({ shape }: Segment): boolean => shape.length > 1;

/** Whether a group takes a parameter: by its name, that of a layer it lies in, or by kind. */
export const matches = ({ names, only }: Match, at: Segment): boolean =>
  (!names || names.some((name) => at.name === name || at.name.startsWith(`${name}.`))) &&
  (!only || isMatrix(at) === (only === "matrices"));

const blocksOf = ({ rows, pitch }: Segment): number => Math.ceil((rows * pitch) / BLOCK);

/** Some tensors of the arena: the blocks they take, and how those of each lie in that list. As words, [2] and [8] an entry. */
interface Listed {
  readonly tiles: Value;
  readonly spans: Value;
  readonly size: number;
  readonly count: number;
}

function listed(segments: readonly Segment[]): Listed {
  const tiles: number[] = [];
  const spans: number[] = [];
  for (const [i, at] of segments.entries()) {
    const from = tiles.length / 2;
    const blocks = blocksOf(at);
    for (let k = 0; k < blocks; k++) tiles.push(at.offset / BLOCK + k, i + (isMatrix(at) ? 0x10000 : 0));
    spans.push(from, from + blocks, at.rows * at.cols, at.rows, at.cols, at.pitch, at.offset, 0);
  }
  const words = (name: string, of: readonly number[]): Value => value(name, [of.length], { dtype: "u32", words: of });
  const count = segments.reduce((sum, { rows, cols }) => sum + rows * cols, 0);
  return { tiles: words("tiles", tiles), spans: words("spans", spans), size: (tiles.length / 2) * BLOCK, count };
}

interface Part {
  readonly phases: readonly Phase[];
  readonly view: Phase | undefined;
  readonly segments: readonly Segment[];
}

/** The phases of a chain with the tensors each works on. */
function partsOf({ segments }: Arenas, { phases, groups = [], views = [] }: CompiledChain): Part[] {
  const group = segments.map((at) => groups.findIndex(({ match }) => matches(match, at)));
  const parts = [phases, ...groups.map((own) => own.phases)];
  return parts.map((own, i) => ({
    phases: own,
    view: views[i],
    segments: segments.filter((_, k) => group[k] === i - 1),
  }));
}

/** The dispatches of some phases of a chain on some tensors. */
function partWork(arenas: Arenas, phases: readonly Phase[], segments: readonly Segment[], range: Range): Work[] {
  if (phases.length === 0 || segments.length === 0) return [];
  const values = arenaValues(arenas);
  const some = segments.length < arenas.segments.length;
  const list = listed(segments);
  const shape = {
    arena: arenas.size,
    listed: list.size / BLOCK,
    quantities: Math.max(arenas.reduced, 1),
    tensors: arenas.segments.length,
  };
  return phases.flatMap((phase): Work[] => {
    const tiled = some || meetsTensors(phase);
    const variant = phaseVariant(phase, tiled);
    const update: Work = {
      name: `update: ${variant.label}`,
      kernel: "update",
      sizes: { size: tiled ? list.size : arenas.size, ...counts(arenas), ...(tiled ? shape : {}) },
      variant,
      tensors: { ...values, ...(tiled ? { tiles: list.tiles } : {}) },
      runs: range,
      slices: 1,
    };
    return [...(phase.reduces ? reductionWork(arenas, phase, { values, list, range }) : []), update];
  });
}

const counts = ({ slots, scalars }: Arenas) => ({ slots: Math.max(slots, 1), scalars: Math.max(scalars, 1) });

/** The dispatches that find what the first rule of a phase needs to know of tensors. */
function reductionWork(
  arenas: Arenas,
  { links: [stage], from }: Phase,
  { values, list, range }: { values: Record<string, Value>; list: Listed; range: Range },
): Work[] {
  const { runs, size, segments } = arenas;
  const { reduces } = ruleNamed((stage as Stage).rule);
  if (!stage || !reduces) return [];
  const pitch = pitchOf(segments.length);
  const reduced = value("reduced", [reduces.fields.length, segments.length], {
    home: { buffer: "reduced", offset: (stage.reduced as number) * pitch, run: arenas.reduced * pitch },
  });
  const own: Record<string, Value> = { ...values, tiles: list.tiles, spans: list.spans, reduced };
  if (from !== undefined) {
    own.parameter = value("kept", [size], { home: { buffer: "state", offset: from * runs * size, run: size } });
  }
  const scratch = new Map<string, Value>();
  const found = (slot: CutSlot): Value => {
    if ("arena" in slot) return own[slot.arena] as Value;
    if ("words" in slot) return value(slot.name, [slot.words.length], { dtype: "u32", words: slot.words });
    const known = scratch.get(slot.scratch) ?? value(slot.scratch, slot.shape);
    scratch.set(slot.scratch, known);
    return known;
  };
  const at = {
    ...counts(arenas),
    size: list.size,
    count: list.count,
    spans: (list.spans.words?.length ?? 0) / 8,
    stage,
  };
  return reduces.calls(at).map(
    ({ tensors, ...call }): Work => ({
      ...call,
      tensors: Object.fromEntries(Object.entries(tensors).map(([name, slot]) => [name, found(slot)])),
      runs: range,
      slices: 1,
    }),
  );
}

/** The step; what comes before its second gradient; or the view that is evaluated. */
export type UpdateKind = "step" | "aside" | "view";

/** The dispatches of one chain over its runs. */
export const updateWork = (arenas: Arenas, chain: CompiledChain, range: Range, kind: UpdateKind = "step"): Work[] =>
  partsOf(arenas, chain).flatMap(({ phases, view, segments }) => {
    const end = phases.findIndex(({ last }) => last) + 1;
    // A phase that moves p and is not the end moves it aside.
    const aside = end < phases.length ? end : 0;
    const own = { step: phases.slice(aside), aside: phases.slice(0, aside), view: view ? [view] : [] }[kind];
    return partWork(arenas, own, segments, range);
  });
