// Tidy CSV, one observation a row. Fields are quoted as RFC 4180 asks; rows end in \n, as command line tools expect.
// Numbers keep every digit. A loss that is not finite reads NaN or Infinity; an absent value is an empty field.
import { checkResult, type RaceResult } from "./result.ts";
import { summarise } from "./summary.ts";

export type Field = string | number | undefined;

function field(value: Field): string {
  const text = value === undefined ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvRows = (lines: readonly (readonly Field[])[]): string =>
  lines.map((line) => `${line.map(field).join(",")}\n`).join("");

/** Every logged training loss: `entry,optimizer,lr,seed,step,loss`, in the race's order. */
export function csvCurves(result: RaceResult): string {
  checkResult(result);
  const lines: Field[][] = [["entry", "optimizer", "lr", "seed", "step", "loss"]];
  for (const { name, optimizer, lr, runs } of result.entries) {
    for (const { seed, loss } of runs) {
      result.at.forEach((step, i) => {
        lines.push([name, optimizer, lr, seed, step, loss[i]]);
      });
    }
  }
  return csvRows(lines);
}

/** Every run's outcome: `entry,seed,validation_loss,validation_accuracy,diverged_at,rank`; the rank is the entry's. */
export function csvRuns(result: RaceResult): string {
  const ranks = new Map(summarise(result).standings.map(({ entry, rank }) => [entry, rank]));
  const lines: Field[][] = [["entry", "seed", "validation_loss", "validation_accuracy", "diverged_at", "rank"]];
  for (const entry of result.entries) {
    for (const { seed, validation, diverged } of entry.runs) {
      lines.push([entry.name, seed, validation.loss, validation.accuracy, diverged, ranks.get(entry)]);
    }
  }
  return csvRows(lines);
}
