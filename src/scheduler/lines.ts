// The lists of lines that rules over rows and columns go by: stretches of rows and columns, then whole lines.
import { LINES } from "../optim/lines.ts";
import type { Reduction } from "../optim/rule.ts";
import { linesOf, type Segment } from "./arenas.ts";
import { type Value, value } from "./work.ts";

/** Columns of a row, and rows of a column, that one thread goes through. */
const ROW_STRETCH = 256;
const COLUMN_STRETCH = 64;

export interface Lines {
  readonly groups: Value;
  readonly ends: Value;
  /** `passes`: how often each number is gone through. */
  readonly sizes: {
    readonly groups: number;
    readonly partials: number;
    readonly ends: number;
    readonly passes: number;
  };
}

/** Words of both lists as they grow, and the stretches so far. */
class Lists {
  readonly groups: number[] = [];
  readonly ends: number[] = [];
  entries = { groups: 0, ends: 0 };
  partials = 0;

  group(...words: number[]): void {
    this.groups.push(...words);
    this.entries.groups++;
  }

  end(...words: number[]): void {
    this.ends.push(...words);
    this.entries.ends++;
  }

  /** Rows, and the tensor as the sum of its rows; each stretch is 256 columns of a row. */
  rows(
    { offset, rows, cols, pitch }: Segment,
    at: ReturnType<typeof linesOf>[number],
    kinds: ReadonlySet<string>,
  ): void {
    const stretches = Math.ceil(cols / ROW_STRETCH);
    for (let from = 0; from < rows; from += LINES) {
      const lines = Math.min(LINES, rows - from);
      for (let k = 0; k < stretches; k++) {
        const left = Math.min(ROW_STRETCH, cols - k * ROW_STRETCH);
        const first = (offset + from * pitch + k * ROW_STRETCH) / 4;
        const y = this.partials + k * rows + from;
        this.group(first, pitch / 4, lines, Math.ceil(left / 4), y, 0, at.row + from, at.col + k * ROW_STRETCH, left);
      }
      if (kinds.has("row")) this.end(this.partials + from, rows, stretches, lines, at.row + from, cols);
    }
    if (kinds.has("all")) this.end(this.partials, 1, rows * stretches, 1, at.all, rows * cols);
    this.partials += stretches * rows;
  }

  /** Columns; each stretch is 64 rows of four columns. */
  columns({ offset, rows, cols, pitch }: Segment, at: ReturnType<typeof linesOf>[number]): void {
    const stretches = Math.ceil(rows / COLUMN_STRETCH);
    for (let quad = 0; quad < pitch / 4; quad += LINES) {
      const lines = Math.min(LINES, pitch / 4 - quad);
      for (let k = 0; k < stretches; k++) {
        const steps = Math.min(COLUMN_STRETCH, rows - k * COLUMN_STRETCH);
        const first = (offset + k * COLUMN_STRETCH * pitch) / 4 + quad;
        const y = this.partials + k * pitch + 4 * quad;
        this.group(first, pitch / 4, lines, steps, y, 1, at.row + k * COLUMN_STRETCH, at.col + 4 * quad, 0);
      }
    }
    for (let from = 0; from < cols; from += LINES) {
      this.end(this.partials + from, pitch, stretches, Math.min(LINES, cols - from), at.col + from, rows);
    }
    this.partials += stretches * pitch;
  }
}

/** The lines of some tensors of an arena that a reduction's fields ask for. */
export function listLines(all: readonly Segment[], some: readonly Segment[], { fields }: Reduction): Lines {
  const places = linesOf(all);
  const kinds = new Set(fields.map((field) => field.split("_")[0] as string));
  const lists = new Lists();
  const [rows, columns] = [kinds.has("row") || kinds.has("all"), kinds.has("col")];
  for (const segment of some) {
    const at = places[all.indexOf(segment)] as (typeof places)[number];
    if (rows) lists.rows(segment, at, kinds);
    if (columns) lists.columns(segment, at);
  }
  const words = (name: string, of: readonly number[]): Value => value(name, [of.length], { dtype: "u32", words: of });
  return {
    groups: words("groups of lines", lists.groups),
    ends: words("lines", lists.ends),
    sizes: { ...lists.entries, partials: lists.partials, passes: Number(rows) + Number(columns) },
  };
}
