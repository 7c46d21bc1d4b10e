// Planted faults of one kernel in one variant, a row each.
import type { Mutant } from "./mutate.ts";

/** [what is wrong, text, its replacement, in all places] */
type Row = readonly [string, string, string, true?];

export const family = (name: string, at: Pick<Mutant, "kernel" | "label" | "consts">, rows: readonly Row[]): Mutant[] =>
  rows.map(([what, find, replace, all]) => ({
    family: name,
    name: what,
    ...at,
    find,
    replace,
    ...(all ? { all } : {}),
  }));
