// A step program as data: what runs before the steps of a submit, in each of them, and after; and the buffers it all needs.
import { pitchOf, roundUp } from "../core/shape.ts";
import type { Node } from "../graph/node.ts";
import type { CompiledChain } from "../optim/compile.ts";
import { ORDERS, type Order } from "../ops/batch.ts";
import type { Arenas } from "./arenas.ts";
import { takeAhead } from "./ahead.ts";
import { type Choice, type Note, noteIn, unnoted } from "./choices.ts";
import { checkAliases, checkBindings, checkOverwrites } from "./check.ts";
import {
  fuseColumnSums,
  fuseEpilogues,
  fuseGathers,
  fuseHead,
  fuseNetworks,
  fuseUpdates,
  packUpdates,
} from "./fuse.ts";
import { type Lowered, lower, type Root } from "./lower.ts";
import { place } from "./place.ts";
import type { BufferSpec, Dispatch, NumericClass } from "./plan.ts";
import { spare, type Tuning, tune } from "./tuning.ts";
import { type Planner, simpleUpdate, type UpdateKind } from "./update.ts";
import { type Home, type Range, type Value, value, type Work } from "./work.ts";

export interface StepProgram {
  readonly name: string;
  readonly runs: number;
  readonly batch: number;
  readonly stepsPerSubmit: number;
  readonly before: readonly Dispatch[];
  readonly each: readonly Dispatch[];
  readonly after: readonly Dispatch[];
  readonly buffers: readonly BufferSpec[];
  /** Read back after every submit: [step][run] of `stride` floats, the sums of losses and of hits first. */
  readonly metrics: { readonly buffer: string; readonly stride: number } | undefined;
  /** Rows of the data set the steps go through. */
  readonly rows: { readonly first: number; readonly count: number };
  readonly order: Order;
  /** Whether it may begin on quickly compiled tiles. */
  readonly quickStart: boolean;
  readonly numericClass: NumericClass;
  /** Whether Params are constants of the texts. */
  readonly baked: boolean;
  /** What the passes took and what they left, in their order. */
  readonly choices: readonly Choice[];
}

export interface StepSpec {
  readonly name: string;
  readonly arenas: Arenas;
  readonly roots: readonly Root[];
  readonly homes: ReadonlyMap<Node, Home>;
  readonly buffers: readonly BufferSpec[];
  /** Row losses and hits [2, batch], summed over the batch after the submit. */
  readonly metrics?: Node;
  /** Two more numbers a row [2, batch], summed beside them. */
  readonly more?: Node | undefined;
  readonly update?: readonly { readonly chain: CompiledChain; readonly range: Range }[];
  /** Chains whose parameters are to be evaluated at a view of theirs, left in the gradient arena before the steps. */
  readonly views?: readonly { readonly chain: CompiledChain; readonly range: Range }[];
  /** What plans both; by default one kernel a chain. */
  readonly planner?: Planner;
  readonly rowsNode: Node;
  readonly rows: { readonly first: number; readonly count: number };
  readonly order: Order;
  readonly orders: number;
  readonly batch: number;
  readonly stepsPerSubmit: number;
  readonly tuning: Tuning;
  readonly fused: boolean;
  /** Splits long sums: the plan's numeric class is then split-k. */
  readonly split?: SplitSums | undefined;
}

/** Takes long sums in parts: matmuls become more pieces of work. */
export type SplitSums = (work: readonly Work[]) => Work[];

/** Home of the rows' numbers: [step][order][batch]. */
export const rowsHome = (name: string, batch: number, orders: number): Home => {
  const room = pitchOf(batch);
  return { buffer: `${name}.rows`, offset: 0, run: room, step: orders * room, slice: orders * room };
};

/** Numbers a row of the batch leaves behind: losses and hits, and two more where they are asked for. */
const kindsOf = ({ more }: StepSpec): number => (more ? 4 : 2);

/** Home of the numbers from kind `first` on: [step][run][kind][batch]. */
const metricsHome = (spec: StepSpec, first = 0): Home => {
  const { name, batch, arenas } = spec;
  const room = kindsOf(spec) * pitchOf(batch);
  const step = arenas.runs * room;
  return { buffer: `${name}.metrics`, offset: first * pitchOf(batch), run: room, step, slice: step };
};

/** The submit's batches: which rows, for every step and distinct order. */
function rowsWork(spec: StepSpec): Work {
  const { name, batch, rows, order, orders, stepsPerSubmit } = spec;
  const seeds = value("orders", [1], { dtype: "u32", home: { buffer: "orders", offset: 0, run: 1 } });
  const target = value("rows", [batch], { dtype: "u32", home: rowsHome(name, batch, orders) });
  return {
    name: "batch rows",
    kernel: "batch_rows",
    sizes: { batch, first: rows.first, count: rows.count },
    variant: { consts: { ORDER: ORDERS[order] }, label: order },
    tensors: { seeds, rows: target },
    runs: { first: 0, count: orders },
    slices: stepsPerSubmit,
  };
}

const SUMS_STRIDE = 4;

function sumsWork(spec: StepSpec): Work {
  const {
    name,
    batch,
    arenas: { runs },
    stepsPerSubmit,
  } = spec;
  const kinds = kindsOf(spec);
  const x = value("metrics", [kinds, batch], { home: metricsHome(spec) });
  const y = value("metric sums", [kinds], {
    home: { buffer: `${name}.sums`, offset: 0, run: SUMS_STRIDE, slice: runs * SUMS_STRIDE },
  });
  const sizes = { kinds, batch };
  return {
    name: "metric sums",
    kernel: "batch_sums",
    sizes,
    variant: {},
    tensors: { x, y },
    runs: { first: 0, count: runs },
    slices: stepsPerSubmit,
  };
}

function ownBuffers(spec: StepSpec): BufferSpec[] {
  const { name, batch, orders, stepsPerSubmit, metrics, arenas } = spec;
  const rows: BufferSpec = {
    name: `${name}.rows`,
    dtype: "u32",
    length: stepsPerSubmit * orders * pitchOf(batch),
    role: "ring",
  };
  if (!metrics) return [rows];
  const ring = (part: string, length: number): BufferSpec => ({
    name: `${name}.${part}`,
    dtype: "f32",
    length: roundUp(length, 4),
    role: "ring",
  });
  return [
    rows,
    ring("metrics", stepsPerSubmit * arenas.runs * kindsOf(spec) * pitchOf(batch)),
    ring("sums", stepsPerSubmit * arenas.runs * SUMS_STRIDE),
  ];
}

/** The most a ring of labels or targets may hold, in elements. */
const MOST_AHEAD = 2 ** 22;

function ringOf({ tensors }: Work, { stepsPerSubmit }: StepSpec): BufferSpec {
  const { dtype, home } = (tensors.y ?? tensors.x) as Value;
  const { buffer, step = 0 } = home as Home;
  return { name: buffer, dtype, length: stepsPerSubmit * step, role: "ring" };
}

/** The fusions in their order, over tuned work. */
export function fuse(work: readonly Work[], wanted: ReadonlySet<Value>, tuning: Tuning, note: Note = unnoted): Work[] {
  const gathered = fuseGathers(work, wanted, tuning, note);
  const summed = fuseColumnSums(fuseEpilogues(gathered, wanted, note), note);
  return fuseHead(summed, wanted, tuning, note);
}

const whole: SplitSums = (work) => [...work];

/** The passes: lower, split, tune, fuse, append the update, fuse it where that pays, place, check. */
export function stepProgram(spec: StepSpec): StepProgram {
  const {
    name,
    arenas,
    roots,
    metrics,
    update = [],
    views = [],
    planner = simpleUpdate,
    rowsNode,
    batch,
    orders,
    stepsPerSubmit,
    tuning,
    fused,
    split = whole,
  } = spec;
  const everyRun = { first: 0, count: arenas.runs };
  const homes = new Map([...spec.homes, ...arenas.homes, [rowsNode, rowsHome(name, batch, orders)] as const]);
  const told = [metrics, spec.more].flatMap((node, i) => (node ? [{ node, home: metricsHome(spec, 2 * i) }] : []));
  const all = [...roots, ...told];
  const choices: Choice[] = [];
  const note = noteIn(choices);
  const planned = (of: Lowered): { ahead: readonly Work[]; work: Work[] } => {
    const tuned = spare(
      split(of.work).map((at) => tune(at, tuning)),
      tuning,
    );
    if (!fused) return { ahead: [], work: tuned };
    const values = new Set(of.values);
    const ring = { name, runs: arenas.runs, steps: stepsPerSubmit, room: MOST_AHEAD };
    const { ahead, work: late } = takeAhead(fuseNetworks(tuned, values, tuning, note), values, ring, tuning, note);
    return { ahead, work: fuse(late, values, tuning, note) };
  };
  const lowered = lower(all, homes, everyRun);
  const wanted = new Set(lowered.values);
  const { ahead, work } = planned(lowered);
  const updates = (kind: UpdateKind, of = update): Work[] =>
    of.flatMap((at) => planner(arenas, at, { kind, fused })).map((at) => tune(at, tuning));
  const aside = updates("aside");
  const first = work.length + aside.length;
  if (aside.length > 0) {
    // The gradients again, where p has been moved to; the metrics are those of the first time.
    const again = lower(roots, homes, everyRun);
    for (const value of again.values) wanted.add(value);
    // What it takes of the data, the first has taken already.
    work.push(...aside, ...planned(again).work);
  }
  work.push(...updates("step"));
  const packed: SplitSums = (all) => (fused ? packUpdates(all, wanted, tuning, note) : [...all]);
  const joined = packed(fused ? fuseUpdates(work, wanted, tuning, note) : work);
  const each = place(name, joined, wanted, arenas.runs);
  const before = place(
    `${name}.before`,
    [tune(rowsWork(spec), tuning), ...ahead, ...packed(updates("view", views))],
    new Set(),
    arenas.runs,
  );
  const after = place(`${name}.after`, metrics ? [tune(sumsWork(spec), tuning)] : [], new Set(), arenas.runs);
  for (const dispatch of each.dispatches) {
    checkAliases(dispatch);
    checkBindings(dispatch);
  }
  const lasting = new Set([...homes.values()].map(({ buffer }) => buffer));
  for (const part of aside.length > 0
    ? [each.dispatches.slice(0, first), each.dispatches.slice(first)]
    : [each.dispatches]) {
    checkOverwrites({ name, buffers: [], dispatches: part }, lasting);
  }
  const buffers = [
    ...arenas.buffers,
    ...spec.buffers,
    ...ownBuffers(spec),
    ...ahead.map((at) => ringOf(at, spec)),
    ...before.buffers,
    ...each.buffers,
    ...after.buffers,
  ];
  return {
    name,
    runs: arenas.runs,
    batch,
    stepsPerSubmit,
    before: before.dispatches,
    each: each.dispatches,
    after: after.dispatches,
    buffers,
    metrics: metrics ? { buffer: `${name}.sums`, stride: SUMS_STRIDE } : undefined,
    rows: spec.rows,
    order: spec.order,
    quickStart: tuning.quickStart,
    numericClass: spec.split ? "split-k" : "sequential",
    baked: tuning.baked,
    choices,
  };
}
