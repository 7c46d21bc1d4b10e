// The tables on a terminal.
import type { BenchResult, TuneResult } from "./result.ts";
import type { Candidate } from "./tune.ts";
import { figure, type Table, tablesOf } from "./tables.ts";

function print({ title, head, rows }: Table): string {
  const all = [head, ...rows];
  // A row of its own (a contender left out) may be longer than its columns.
  const widths = head.map((_, i) =>
    Math.max(...all.filter((row) => row.length === head.length).map((row) => row[i]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  return [title, ...all.map((row) => `  ${line(row)}`)].join("\n");
}

/** Every class's candidates by time, the fastest first, and the table made of the winners. */
export function printTuning({ tuning, scored }: TuneResult): string {
  const name = ({ tile, consts }: Candidate): string => (consts ? `${tile} ${Object.values(consts).join("x")}` : tile);
  const rows = scored.map(({ m, n, scores }) => {
    const sorted = scores.toSorted((a, b) => a.micros - b.micros);
    return [
      `${m.size} x ${n.size}`,
      ...sorted.slice(0, 4).map(({ candidate, micros }) => `${name(candidate)} ${figure(micros)}`),
    ];
  });
  const table = {
    title: "Microseconds a product, the four fastest tiles",
    head: ["result", "1st", "2nd", "3rd", "4th"],
    rows,
  };
  const chosen = tuning.tiles.map(({ mostM = 0, mostN = 0, ...tile }) => {
    const bound = (most: number): string => (most ? `to ${most}` : "any");
    return [bound(mostM), bound(mostN), name(tile)];
  });
  const updates = tuning.update.map(({ most, consts }) => [
    most === Number.MAX_SAFE_INTEGER ? "any" : `to ${most}`,
    Object.entries(consts)
      .map(([key, value]) => `${key} ${value}`)
      .join(", "),
  ]);
  return `${[
    print(table),
    print({ title: "Tiles, the first row that holds", head: ["rows", "columns", "tile"], rows: chosen }),
    print({ title: "Update", head: ["parameters a run", "threads"], rows: updates }),
  ].join("\n\n")}\n`;
}

export function printResult(result: BenchResult): string {
  const { adapter, software, browser, cores, cpu, load, commit, date, quick } = result.machine;
  const kind = software ? "a software adapter: right, but slow" : "a real GPU";
  const head = `${adapter} (${kind}), ${browser}, ${cores} cores ${cpu}, load ${load.join(" ")}, commit ${commit}, ${date}${quick ? ", quick" : ""}`;
  return `${[head, ...tablesOf(result).map(print)].join("\n\n")}\n`;
}
