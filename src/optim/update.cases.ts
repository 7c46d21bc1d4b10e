// Cases of the update kernel: every rule there is alone, and the presets, in every phase of their chains.
import {
  type CaseSet,
  caseOf,
  caseSet,
  type Fill,
  type KernelCases,
  FOLDS,
  MANY,
  PLACES,
  RUNS,
} from "../kernel/cases.ts";
import { link, type Optimizer } from "./chain.ts";
import { type CompiledChain, compileChain } from "./compile.ts";
import { accumulate } from "./accumulate.ts";
import { sam } from "./ascend.ts";
import { cautious } from "./cautious.ts";
import { lookahead } from "./lookahead.ts";
import { adam, adamw, sgd } from "./presets.ts";
import { LINE_TILE, TILE } from "./update.ts";
import { prodigy } from "./prodigy.ts";
import { rules } from "./rule.ts";
import { cosine } from "./schedules/cosine.ts";
import { meetsLines, meetsPlaces, phaseVariant } from "./places.ts";

const bits = new DataView(new ArrayBuffer(4));
const wordOf = (value: number): number => {
  bits.setFloat32(0, value);
  return bits.getUint32(0);
};

/** Chains of one shape for several runs: their scalars as the kernel reads them, and the distinct series' values at step t. */
export function hyper(chains: readonly CompiledChain[], t: number): { words: number[][]; values: number[] } {
  const series = new Map([["1", 1]]);
  for (const { key, at } of chains.flatMap(({ scalars }) => scalars))
    if (key !== undefined && at) series.set(key, Math.fround(at(t)));
  const keys = [...series.keys()];
  const words = chains.map(({ scalars }) =>
    scalars.flatMap(({ factor, key }) => [wordOf(factor), key === undefined ? 0 : keys.indexOf(key)]),
  );
  return { words, values: [...series.values()] };
}

/** Constants of the tuning tables, with sizes around what a workgroup of each takes. */
const SHAPES = [
  ...[4, 1020, 1024, 1028].map((size) => ({ size, consts: { WORKGROUP: 64, QUADS: 4 } })),
  ...[64, 124, 128, 132].map((size) => ({ size, consts: { WORKGROUP: 32, QUADS: 1 } })),
  ...[252, 256, 260].map((size) => ({ size, consts: { WORKGROUP: 64, QUADS: 1 } })),
];

/** Squared norms on both sides of a clip, and none. */
const NORMS: Fill = { byRun: [[0.25], [400], [0], [1e-12]] };

/** A list of blocks in place of all of them, out of order, with the tensor each lies in and whether that is a matrix. */
function tiled(size: number, words: number): { arena: number; blocks: number; tiles: number[] } {
  const blocks = Math.ceil(size / 64);
  const tiles = Array.from({ length: blocks }, (_, i) => {
    const block = [blocks - i, (i % 3) + (i % 3 < 2 ? 0x10000 : 0)];
    // The last row of [3, 30], which ends in the middle of it; a block of [70, 18]; a vector of 37.
    const lies = [
      [64, 30, 3, 0, 4, 36],
      [128, 18, 70, 40, 112, 132],
      [0, 37, 1, 136, 140, 180],
    ][i % 3] as number[];
    return words === LINE_TILE ? [...block, ...lies, 7 * i] : block;
  }).flat();
  return { arena: 64 * (blocks + 1), blocks, tiles };
}

/** Places of the lines of those tensors. */
const LINE_ROOM = 184;

/** Cases of every phase of a chain; the optimizers differ in their numbers alone, and are the runs. */
export function phases(entries: readonly Optimizer[], fills: readonly Fill[], shapes = SHAPES): CaseSet[] {
  const chains = entries.map((at, i) => compileChain(at, Math.imul(i + 1, 0x9e3779b1) >>> 0));
  const [{ phases: list, views, slots, scalars, reduced, lines }] = chains as [CompiledChain];
  const counts = { slots: Math.max(slots, 1), scalars: Math.max(scalars.length, 1) };
  return [...list, ...views.filter(({ links }) => links.length > 0)].map((phase) => {
    const variant = phaseVariant(phase);
    const words = meetsPlaces(phase) ? LINE_TILE : TILE;
    const placed = words === LINE_TILE ? { words } : {};
    const lined = meetsLines(phase) ? { lines, room: LINE_ROOM } : {};
    const own = { quantities: Math.max(reduced, 1), tensors: variant.extra ? 3 : 1 };
    const axes = {
      shape: shapes,
      fill: fills,
      t: [0, 1, 999],
      runs: RUNS,
      place: PLACES,
      fold: FOLDS,
      shared: [[], ["hyper"], ["reduced"]],
      interleaved: [false, true],
    };
    return caseSet("update", axes, ({ shape: { size, consts }, t, interleaved, ...choice }) => {
      const { words: scalarWords, values } = hyper(chains, t);
      const list = variant.extra ? tiled(size, words) : undefined;
      const arena = list?.arena ?? size;
      const pitch = (choice.runs.first + choice.runs.count) * arena;
      const state: Fill = choice.fill === "integers" ? "integers" : "positive";
      return {
        ...choice,
        sizes: {
          size: list ? 64 * list.blocks : size,
          ...counts,
          ...own,
          arena,
          listed: list?.blocks ?? 0,
          ...placed,
          ...lined,
        },
        variant: { ...variant, consts },
        step: { t, index: 0, valid: 0xffffffff, values },
        // As in a plan, where they lie in one buffer.
        ...("lines" in lined ? { merge: ["reduced", "lines"] } : {}),
        lies: {
          hyper: { fill: { byRun: scalarWords } },
          reduced: { fill: own.quantities * own.tensors > 1 ? "positive" : NORMS },
          ...("lines" in lined ? { lines: { fill: "positive" } } : {}),
          ...(list ? { tiles: { fill: { values: list.tiles } } } : {}),
          latch: { fill: { byRun: [[0xffffffff], [0], [500]] } },
          state: interleaved ? { fill: state, run: arena, pitch } : { fill: state },
          parameter: { fill: choice.fill === "nonfinite" ? "integers" : choice.fill === HUGE ? AGAINST : choice.fill },
        },
      };
    });
  });
}

/** Steps that leave f32's range though f64 holds them, and ones that do not. */
const HUGE: Fill = { values: [1, 2, 3, -3e38, 1, 3e38, 2, 0].map(Math.fround) };
const AGAINST: Fill = { values: [1, 2, 3, 3e38, 1, -3e38, 2, 0].map(Math.fround) };

const FLOATS: readonly Fill[] = ["normal", "special"];

/** No gradient, and gradients from 1e-19 to 1e17. */
const EDGES: Fill = { values: [0, 1e-19, -1e17, 1, -1e-8, 1e8, -0, 1e-30].map(Math.fround) };

/** Cases of a rule in the form it is to be used: ordinary numbers, special ones, none at all, tiny and huge. */
export const ruleCases = (entries: readonly Optimizer[]): CaseSet[] =>
  phases(entries, [...FLOATS, EDGES, { values: [0] }], SHAPES.slice(0, 4));

/** A rule with its defaults and the step after it; each on one of the tunings, in turn, since every tuning is a pipeline. */
function alone(): CaseSet[] {
  const descend = (lr: number) => ({ rule: "descend", options: { lr } });
  const tunings = [...new Set(SHAPES.map(({ consts }) => JSON.stringify(consts)))];
  // Adam, whose shader the planted faults are in, on the first: several quads a thread.
  // By name, so that the cases are the same whatever was imported first.
  const sorted = [...rules.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const adamAt = sorted.findIndex(({ name }) => name === "adam");
  return sorted.flatMap((rule, i) => {
    const shapes = SHAPES.filter(
      ({ consts }) =>
        JSON.stringify(consts) === tunings[(i + tunings.length - (adamAt % tunings.length)) % tunings.length],
    );
    if (rule.borrows) return [];
    const all = (lr: number) => (rule.after ? [descend(lr), link(rule)] : [link(rule), descend(lr)]);
    const links = (lr: number) => (rule.name === "descend" ? [descend(lr)] : all(lr));
    return phases(
      [0.5, 0.1, 1e-3].map((lr): Optimizer => ({ kind: "chain", links: links(lr) })),
      FLOATS,
      shapes,
    );
  });
}

const folded = (): CaseSet => {
  const [chain] = [sgd({ lr: 0.5 })].map((at) => compileChain(at)) as [CompiledChain];
  const { words, values } = hyper([chain], 5);
  const at = caseOf("update", {
    sizes: { size: 4, slots: 1, scalars: 1 },
    variant: { ...phaseVariant(chain.phases[0]!), consts: { WORKGROUP: 32, QUADS: 1 } },
    runs: MANY,
    shared: ["hyper", "reduced"],
    step: { t: 5, index: 0, valid: 1, values },
    lies: { hyper: { fill: { byRun: words } }, latch: { fill: { values: [0xffffffff] } } },
  });
  return { kernel: "update", axes: { runs: [MANY] }, cases: [at] };
};

export const cases: KernelCases = () => [
  ...alone(),
  // Dyadic hyperparameters, integer data: exact.
  ...phases([sgd({ lr: 0.5 }), sgd({ lr: 0.25 })], ["integers", "nonfinite"]),
  ...phases([sgd({ lr: 1 }), sgd({ lr: 0.5 })], [HUGE]),
  ...phases(
    [0.5, 0.25].map((momentum) => sgd({ lr: 0.5, momentum, nesterov: true, weightDecay: 0.5 })),
    ["integers"],
  ),
  ...phases(
    [0.25, 0.5].map((dampening) => sgd({ lr: 1, momentum: 0.5, dampening })),
    ["integers"],
  ),
  ...phases(
    [1e-3, 1e-2, 0.5].map((lr) => adam({ lr: cosine(lr, 1000), beta1: 1 - lr, weightDecay: 0.1 })),
    FLOATS,
  ),
  ...phases(
    [0.9, 0.5].map((beta1) => adamw({ lr: 1e-2, beta1, eps: 1e-6, clip: 2 })),
    FLOATS,
  ),
  // What borrows another's state, waits, starts anew, moves p aside; views.
  ...phases([cautious(adam({ lr: 0.01 }))], FLOATS),
  ...phases([prodigy({ d0: 0.1 })], FLOATS),
  ...phases([lookahead(accumulate(adam({ lr: 0.1 }), { steps: 3 }), { k: 2, reset: true })], FLOATS),
  ...phases([sam(sgd({ lr: 0.1, momentum: 0.5 }))], FLOATS),
  folded(),
];
