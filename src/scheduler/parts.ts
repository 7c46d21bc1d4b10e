// The dispatches of chains in parts: for each phase its reduction, then its kernel, on the tensors of each group.
import { fail } from "../core/check.ts";
import { pitchOf } from "../core/shape.ts";
import type { Stage } from "../kernel/kernel.ts";
import type { Match } from "../optim/chain.ts";
import type { CompiledChain, Phase } from "../optim/compile.ts";
import { meetsLines, meetsPlaces, meetsTensors, phaseVariant } from "../optim/places.ts";
import { type CutSlot, ruleNamed } from "../optim/rule.ts";
import { BLOCK } from "../ops/sum.ts";
import { LINE_TILE, TILE } from "../optim/update.ts";
import { type Arenas, linesOf, reducedRoom, type Segment } from "./arenas.ts";
import { fuseTerms } from "./fuse_terms.ts";
import { listLines } from "./lines.ts";
import { arenaValues, counts, type Planner } from "./update.ts";
import { type Range, type Value, value, type Work } from "./work.ts";

const isMatrix = ({ shape }: Segment): boolean => shape.length > 1;

/** Whether a group takes a parameter: by its name, that of a layer it lies in, or by kind. */
const matches = ({ names, only }: Match, at: Segment): boolean =>
  (!names || names.some((name) => at.name === name || at.name.startsWith(`${name}.`))) &&
  (!only || isMatrix(at) === (only === "matrices"));

function checkGroups({ groups = [] }: CompiledChain, { segments }: Arenas): void {
  for (const { match } of groups) {
    if (segments.some((at) => matches(match, at))) continue;
    const names = segments.map(({ name }) => name).join(", ");
    fail("groups", `no parameter is ${match.names?.join(" or ") ?? match.only}`, `there are ${names}`);
  }
}

const blocksOf = ({ rows, pitch }: Segment): number => Math.ceil((rows * pitch) / BLOCK);

/** Some tensors of the arena: the blocks they take, and how those of each lie in that list. As words, [2], [8] and [8] an entry. */
interface Listed {
  readonly tiles: Value;
  /** The same blocks with where they lie in their tensors. */
  readonly lineTiles: Value;
  readonly spans: Value;
  readonly size: number;
  readonly count: number;
}

function listed(segments: readonly Segment[], all: readonly Segment[]): Listed {
  const places = linesOf(all);
  const lineTiles: number[] = [];
  const tiles: number[] = [];
  const spans: number[] = [];
  for (const [i, at] of segments.entries()) {
    const from = tiles.length / 2;
    const blocks = blocksOf(at);
    const { row, col, all: own } = places[all.indexOf(at)] as (typeof places)[number];
    for (let k = 0; k < blocks; k++) {
      const block = [at.offset / BLOCK + k, i + (isMatrix(at) ? 0x10000 : 0)];
      tiles.push(...block);
      lineTiles.push(...block, k * BLOCK, at.cols, at.rows, row, col, own, all.indexOf(at));
    }
    spans.push(from, from + blocks, at.rows * at.cols, at.rows, at.cols, at.pitch, at.offset, 0);
  }
  const words = (name: string, of: readonly number[]): Value => value(name, [of.length], { dtype: "u32", words: of });
  const count = segments.reduce((sum, { rows, cols }) => sum + rows * cols, 0);
  const size = (tiles.length / TILE) * BLOCK;
  return {
    tiles: words("tiles", tiles),
    lineTiles: words("tiles", lineTiles),
    spans: words("spans", spans),
    size,
    count,
  };
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
  const list = listed(segments, arenas.segments);
  const shape = {
    arena: arenas.size,
    listed: list.size / BLOCK,
    quantities: Math.max(arenas.reduced, 1),
    tensors: arenas.segments.length,
  };
  return phases.flatMap((phase): Work[] => {
    const tiled = some || meetsTensors(phase);
    const variant = phaseVariant(phase, tiled);
    const lined = meetsLines(phase);
    const placed = meetsPlaces(phase);
    const lines = {
      ...(placed ? { words: LINE_TILE } : {}),
      ...(lined ? { lines: arenas.lines, room: arenas.lineRoom } : {}),
    };
    const tiles = {
      tiles: placed ? list.lineTiles : list.tiles,
      ...(lined ? { lines: lineValue(arenas, 0, arenas.lines) } : {}),
    };
    const update: Work = {
      name: `update: ${variant.label}`,
      kernel: "update",
      sizes: { size: tiled ? list.size : arenas.size, ...counts(arenas), ...(tiled ? { ...shape, ...lines } : {}) },
      variant,
      tensors: { ...values, ...(tiled ? tiles : {}) },
      runs: range,
      slices: 1,
      ...(tiled ? {} : { segments: arenas.segments }),
    };
    return [...(phase.reduces ? reductionWork(arenas, phase, { values, list, segments, range }) : []), update];
  });
}

/** Numbers kept of every line: `count` of them from the `first`. */
function lineValue(of: Arenas, first: number, count: number): Value {
  const { lineRoom: pitch, reduced, segments } = of;
  const offset = reduced * pitchOf(segments.length) + first * pitch;
  return value("lines", [count, pitch], { home: { buffer: "reduced", offset, run: reducedRoom(of), pitch } });
}

/** The dispatches that find what the first rule of a phase needs to know of tensors. */
function reductionWork(
  arenas: Arenas,
  { links: [stage], from }: Phase,
  made: { values: Record<string, Value>; list: Listed; segments: readonly Segment[]; range: Range },
): Work[] {
  const { values, list, range } = made;
  const { runs, size, segments } = arenas;
  const { reduces } = ruleNamed((stage as Stage).rule);
  if (!stage || !reduces) return [];
  const pitch = pitchOf(segments.length);
  const reduced = value("reduced", [reduces.fields.length, segments.length], {
    home: { buffer: "reduced", offset: (stage.reduced ?? 0) * pitch, run: reducedRoom(arenas) },
  });
  const own: Record<string, Value> = { ...values, tiles: list.tiles, spans: list.spans, reduced };
  const kept = reduces.kept?.length ?? 0;
  const lines = kept > 0 ? listLines(segments, made.segments, reduces) : undefined;
  if (lines) {
    own.groups = lines.groups;
    own.ends = lines.ends;
    own.lines = lineValue(arenas, stage.line as number, kept);
  }
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
    ...(lines ? { size, lines: { ...lines.sizes, kept, room: arenas.lineRoom } } : {}),
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

/** The dispatches of any chain over its runs. Throws for a group of parameters that none belongs to. */
export const updateWork: Planner = (arenas, { chain, range }, { kind = "step", fused = true } = {}) => {
  checkGroups(chain, arenas);
  return partsOf(arenas, chain).flatMap(({ phases, view, segments }) => {
    const end = phases.findIndex(({ last }) => last) + 1;
    // A phase that moves p and is not the end moves it aside.
    const aside = end < phases.length ? end : 0;
    const own = { step: phases.slice(aside), aside: phases.slice(0, aside), view: view ? [view] : [] }[kind];
    const work = partWork(arenas, own, segments, range);
    return fused ? fuseTerms(work) : work;
  });
};
