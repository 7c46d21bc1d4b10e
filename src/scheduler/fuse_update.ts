// The update in the stores of the weight-gradient matmuls: p and state are read, played and written where a gradient is at hand,
// so that no gradient is. Only for chains of one phase of rules over single numbers, all of whose gradients such matmuls make.
import { ALIGNMENT, roundUp } from "../core/shape.ts";
import type { Variant } from "../kernel/kernel.ts";
import { type Note, unnoted } from "./choices.ts";
import { definePass, isMatmul, overbound, partsOf } from "./fuse.ts";
import { STEP, STEPPED_ROW } from "./gather_ahead.ts";
import { reads, writes } from "./lower.ts";
import { roomOf } from "./place.ts";
import { type Home, type Value, value, type Work } from "./work.ts";

const PARAMETERS = "parameters";

const inGradients = (at: Value): boolean => at.home?.buffer === "gradients";

/** An update that plays single numbers of a whole arena: its text asks for no list, no reduction, no other place of p. */
const isPlain = ({ sizes, variant: { cut, view, from, extra, hooks = {} } }: Work): boolean =>
  !cut && !view && from === undefined && !extra && !sizes.listed && !sizes.terms && !/\breduced\b/.test(text(hooks));

const text = (hooks: NonNullable<Variant["hooks"]>): string => Object.values(hooks).join("\n");

/** A tensor of the arenas where a gradient lies among the gradients, in a shape. */
function beside(arena: Value, { name, home: at }: Value, shape: Value["shape"]): Value {
  const home = { ...(arena.home as Home), offset: (at as Home).offset };
  return value(`${name} ${arena.name}`, shape, { dtype: arena.dtype, home });
}

/** The stretch of an arena where gradients lie, padding and all. */
function stretch(arena: Value, ...gradients: readonly Value[]): Value {
  const sorted = gradients.toSorted((a, b) => offsetOf(a) - offsetOf(b));
  const [first, last] = [sorted[0] as Value, sorted.at(-1) as Value];
  const span = offsetOf(last) - offsetOf(first) + roomOf(last.shape);
  return beside(arena, first, [...arena.shape.slice(0, -1), span]);
}

const offsetOf = ({ home }: Value): number => (home as Home).offset;

/** The update of one tensor alone, as a part. */
function updateOf(update: Work, gradient: Value): Work {
  const { tensors, sizes } = update;
  const own = Object.fromEntries(
    ["gradient", "parameter", "state"].map((name) => [name, stretch(tensors[name] as Value, gradient)]),
  );
  return { ...update, sizes: { ...sizes, size: roomOf(gradient.shape) }, tensors: { ...tensors, ...own } };
}

const MOVED = `fn moved(at: Place, i: u32, value: vec4f, column: u32, p: vec4f) -> vec4f {
  let u = select(vec4f(), value, inside4(column, params.n));
  let result = p - chain(at, i, u, p);
  if (nonfinite(result)) { atomicMin(&latch[base(params.latch, at)], step.t); }
  return result;
}`;

/** A store of p in place of its gradient: a row of the weights, or the biases beside them in the same arena. */
const storeHook = (summed: boolean, stateful: boolean): string => {
  const or = (row: string, sums: string): string => (summed ? `select(${row}, ${sums}, row == SUMS_ROW)` : row);
  return `fn store(at: Place, row: u32, column: u32, value: vec4f) {
  if (column < params.n && (row < params.m${summed ? " || row == SUMS_ROW" : ""})) {
    let i = ${or("params.y.offset + row * params.y.pitch", "params.sums.offset")} + column / 4u;
    let place = ${or("base(params.y, at) + row * params.y.pitch", "base(params.sums, at)")} + column / 4u;
    y[place] = moved(at, i${stateful ? " - params.state.offset" : ""}, value, column, y[place]);
  }
}`;
};

/**
 * The step is bound for the update's sake, so every one of them finds a by it: the texts of a network's weight gradients are then
 * equal, and begin on one pipeline.
 */
function variantOf({ variant, tensors }: Work, { variant: { hooks = {}, fragments = [], label } }: Work): Variant {
  const stateful = /\bstate\[/.test(hooks.chain as string);
  return {
    ...variant,
    label: [...(variant.label ? [variant.label] : []), label].join(" + "),
    hooks: {
      a_row: STEPPED_ROW,
      ...variant.hooks,
      prepare: hooks.prepare as string,
      store: storeHook(tensors.sums !== undefined, stateful),
    },
    fragments: [...(variant.fragments ?? []), ...fragments, hooks.chain as string, MOVED],
    extra: [
      STEP,
      ...(variant.extra ?? []).filter(({ name }) => name !== STEP.name),
      ...(stateful ? [{ name: "state", type: "array<vec4f>", access: "read_write" } as const] : []),
      { name: "hyper", type: "array<u32>", access: "read" },
      { name: "latch", type: "array<atomic<u32>>", access: "read_write" },
    ],
  };
}

/** A matmul that updates the parameters of its gradients in place of storing them. */
function withUpdate(at: Work, update: Work): Work {
  const { y, sums, ...operands } = at.tensors as { y: Value; sums?: Value } & Work["tensors"];
  const { parameter, state, hyper, latch } = update.tensors as Record<"parameter" | "state" | "hyper" | "latch", Value>;
  const variant = variantOf(at, update);
  const gradients = sums ? [y, sums] : [y];
  const stateful = variant.extra?.some(({ name }) => name === "state");
  const tensors: Record<string, Value> = {
    ...(operands as Record<string, Value>),
    y: beside(parameter, y, y.shape),
    ...(sums ? { sums: beside(parameter, sums, sums.shape) } : {}),
    ...(stateful ? { state: stretch(state, ...gradients) } : {}),
    hyper,
    latch,
  };
  return {
    ...at,
    name: `${at.name} + ${update.name}`,
    variant,
    tensors,
    updated: ["y", "sums", "state", "latch"],
    parts: [...partsOf(at), ...gradients.map((gradient) => updateOf(update, gradient))],
  };
}

/** What leaves gradients: the matmuls that could update, in order; or the first work that could not. */
function producersOf(work: readonly Work[], updates: readonly Work[]): { producers: Work[]; unable: Work | undefined } {
  const producers = work.filter((at) => !updates.includes(at) && Object.values(writes(at)).some(inGradients));
  const unable = producers.find(
    (at) =>
      !isMatmul(at) ||
      at.epilogue !== undefined ||
      !inGradients(at.tensors.y as Value) ||
      Object.entries(at.tensors).some(
        ([name, { home }]) => name !== "y" && name !== "sums" && home?.buffer === PARAMETERS,
      ),
  );
  return { producers, unable };
}

/** Elements of the arena that gradients of work take. */
const covered = (producers: readonly Work[]): number =>
  producers
    .flatMap((at) => Object.values(writes(at)).filter(inGradients))
    .reduce((total, { shape }) => total + roundUp(roomOf(shape), ALIGNMENT), 0);

/** Each piece of work after the last that reads what it overwrites: nothing may find a parameter of the next step. */
function afterReaders(work: readonly Work[], fused: ReadonlyMap<Work, Work>): Work[] {
  const placeOf = (at: Work, i: number): number => {
    const own = fused.get(at);
    if (!own) return i;
    const offsets = [own.tensors.y, own.tensors.sums].map((of) => of?.home?.offset);
    const last = work.findLastIndex((other) =>
      Object.values(reads(other)).some(({ home }) => home?.buffer === PARAMETERS && offsets.includes(home.offset)),
    );
    return Math.max(i, last + 0.5);
  };
  return work
    .map((at, i) => ({ at: fused.get(at) ?? at, place: placeOf(at, i) }))
    .sort((a, b) => a.place - b.place)
    .map(({ at }) => at);
}

/** The updates that stay, with the reason; undefined where all can go. */
function whyNot(work: readonly Work[], updates: readonly Work[], most: number): Parameters<Note> | undefined {
  const [update] = updates as [Work];
  const size = update.sizes.size as number;
  if (size > most) return ["update: size", [update], [size, most]];
  const odd = updates.find((at) => !isPlain(at));
  if (odd) return ["update: parts", [odd]];
  const reader = work.find((at) => !updates.includes(at) && Object.values(reads(at)).some(inGradients));
  if (reader) return ["update: readers", [update, reader]];
  const { producers, unable } = producersOf(work, updates);
  if (unable) return ["update: gradient", [update, unable]];
  if (covered(producers) !== size) return ["update: elsewhere", [update], [covered(producers), size]];
  if (updates.length > 1)
    return ["update: chains", updates, [producers.length * updates.length, producers.length + updates.length]];
  return undefined;
}

/** Takes the update of a run's parameters into the matmuls that make their gradients, where all of them can; at most `most` parameters. */
export function fuseUpdate(work: readonly Work[], most: number, note: Note = unnoted): Work[] {
  const updates = work.filter(({ kernel }) => kernel === "update");
  const [update] = updates;
  if (!update) return [...work];
  const reason = whyNot(work, updates, most);
  if (reason) {
    note(...reason);
    return [...work];
  }
  const { producers } = producersOf(work, updates);
  const fused = new Map(producers.map((at) => [at, withUpdate(at, update)]));
  for (const [at, own] of fused) if (overbound("update: bindings", own, [update, at], note)) return [...work];
  note("update", [update, ...producers], [update.sizes.size as number, most]);
  return afterReaders(
    work.filter((at) => at !== update),
    fused,
  );
}

definePass("updates in matmuls", (work, _, { updateInGradient }, note) => fuseUpdate(work, updateInGradient, note));
