// From measured candidates to the rows of a tuning table.
import type { Tile } from "../src/ops/matmul.ts";
import type { TileRow } from "../src/scheduler/tuning.ts";

export interface Candidate {
  readonly tile: Tile;
  readonly consts?: Readonly<Record<string, number>>;
}

/** A class of sizes: the one that stands for it, and the largest. */
export interface SizeClass {
  readonly size: number;
  readonly most: number;
}

/** What every candidate took for results of a class of rows and one of columns. */
export interface Scored {
  readonly m: SizeClass;
  readonly n: SizeClass;
  readonly scores: readonly { readonly candidate: Candidate; readonly micros: number }[];
}

export const winner = ({ scores }: Scored): Candidate =>
  scores.reduce((best, each) => (each.micros < best.micros ? each : best)).candidate;

const same = (a: Candidate, b: Candidate): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Rows that choose each class's fastest candidate, in the table's order: the first whose bounds hold is taken, so bounds from
 * above are enough. Neighbouring classes of columns with one winner share a row; the last row holds for everything.
 */
export function rowsOf(scored: readonly Scored[]): TileRow[] {
  const rows: TileRow[] = [];
  for (const [i, at] of scored.entries()) {
    const next = scored[i + 1];
    if (next && next.m.most === at.m.most && same(winner(next), winner(at))) continue;
    const mostM = Number.isFinite(at.m.most) ? { mostM: at.m.most } : {};
    const mostN = Number.isFinite(at.n.most) ? { mostN: at.n.most } : {};
    rows.push({ ...winner(at), ...mostM, ...mostN });
  }
  return rows;
}
