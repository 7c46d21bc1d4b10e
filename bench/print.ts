// The tables on a terminal.
import type { BenchResult } from "./result.ts";
import { type Table, tablesOf } from "./tables.ts";

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

export function printResult(result: BenchResult): string {
  const { adapter, software, browser, cores, cpu, load, commit, date, quick } = result.machine;
  const kind = software ? "a software adapter: right, but slow" : "a real GPU";
  const head = `${adapter} (${kind}), ${browser}, ${cores} cores ${cpu}, load ${load.join(" ")}, commit ${commit}, ${date}${quick ? ", quick" : ""}`;
  return `${[head, ...tablesOf(result).map(print)].join("\n\n")}\n`;
}
