// JSON lines: line 1 is the whole result without its curves (`head -1` is the summary), then one line per run and logged
// step, in order of steps as they were measured. JSON has no NaN: a number that is not finite is null.
import { checkResult, type RaceResult } from "./result.ts";

const plain = (_: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? null : value;

/** `{"type":"header", ...}`, then `{"type":"loss","step","entry","seed","loss"}` lines; every line ends in \n. */
export function jsonLines(result: RaceResult): string {
  checkResult(result);
  const entries = result.entries.map(({ runs, ...entry }) => ({
    ...entry,
    runs: runs.map(({ loss: _, ...run }) => run),
  }));
  const lines: unknown[] = [{ type: "header", ...result, entries }];
  result.at.forEach((step, i) => {
    for (const { name, runs } of result.entries) {
      for (const { seed, loss } of runs) lines.push({ type: "loss", step, entry: name, seed, loss: loss[i] });
    }
  });
  return lines.map((line) => `${JSON.stringify(line, plain)}\n`).join("");
}
