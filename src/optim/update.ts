// The one kernel behind every chain: its hooks are generated from the rules (phase.ts), its reference (update.reference.ts) plays them in f64.
import wgsl from "../../shaders/optim/update.wgsl?raw";
import { ALIGNMENT } from "../core/shape.ts";
import { besideIt, defineKernel, read, readWords, type Stage, update, write } from "../kernel/kernel.ts";
import type { Rule } from "./rule.ts";

/** The slots a rule's function gets pointers to, in order. */
export const slotsOf = ({ slot, borrowed = [] }: Stage, { slots }: Rule): number[] => [
  ...Array.from({ length: slots }, (_, k) => slot + k),
  ...borrowed,
];

/** Words of a listed block: where it lies, and its tensor; for rules over lines and such that draw, how it lies in that as well. */
export const TILE = 2;
export const LINE_TILE = 9;

defineKernel({
  name: "update",
  wgsl,
  params: ["size"],
  hooks: ["prepare", "quad", "spot", "start", "chain", "finish"],
  consts: ["WORKGROUP", "QUADS"],
  bindings: ({ size = 0, slots = 1, scalars = 1, arena = size, quantities = 1, tensors = 1, ...list }) => ({
    gradient: update(arena),
    parameter: update(arena),
    state: update(Math.max(slots, 1), arena),
    hyper: readWords(2 * Math.max(scalars, 1)),
    reduced: quantities * tensors > 1 ? read(quantities, tensors) : read(1),
    latch: { mode: "update", shape: [1], dtype: "u32" },
    ...(list.listed ? { tiles: readWords((list.words ?? TILE) * list.listed) } : {}),
    ...(list.terms ? { terms: write(list.terms, size / ALIGNMENT) } : {}),
    ...(list.lines ? { lines: read(list.lines, list.room as number) } : {}),
  }),
  threads: ({ size = 0 }, { QUADS }) => [Math.ceil(size / 4 / (QUADS ?? 4))],
  reference: besideIt("update"),
});
