// One training's numbers as files: CSV with one observation a row, and JSON that says where they come from.
import { csvRows, type Field } from "./csv.ts";

export interface Looked {
  /** Steps done. */
  readonly step: number;
  readonly loss: number;
  readonly accuracy: number;
}

/** What a training leaves behind. */
export interface TrainingRecord {
  /** The recipe.json that `fall-line train --config` runs again. */
  readonly recipe: unknown;
  readonly recipeHash: string | undefined;
  readonly lossHash: string;
  readonly dataHash: string | undefined;
  readonly adapter: string;
  /** Of each step from 0, before its update; NaN where there is none. */
  readonly loss: ArrayLike<number>;
  readonly accuracy: ArrayLike<number>;
  /** Of training, when each step had been taken. */
  readonly seconds: ArrayLike<number>;
  readonly validations: readonly Looked[];
  readonly test?: Looked;
}

const absent = (value: number | undefined): number | undefined => (Number.isNaN(value) ? undefined : value);

/** `step,split,loss,accuracy,seconds`: a training batch before update `step`, or a split after `step` steps. */
export function csvRecord({ loss, accuracy, seconds, validations, test }: TrainingRecord): string {
  const lines: Field[][] = [["step", "split", "loss", "accuracy", "seconds"]];
  for (let step = 0; step < loss.length; step++) {
    lines.push([step, "train", loss[step], absent(accuracy[step]), seconds[step]]);
  }
  for (const at of validations) lines.push([at.step, "validation", at.loss, absent(at.accuracy), seconds[at.step - 1]]);
  if (test) lines.push([test.step, "test", test.loss, absent(test.accuracy), seconds[test.step - 1]]);
  return csvRows(lines);
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The same as one JSON object, with the recipe and what it ran on; numbers that are not finite are null. */
export function jsonRecord(record: TrainingRecord): string {
  const { loss, accuracy, seconds, ...rest } = record;
  const numbers = { loss, accuracy, seconds };
  const lists = Object.fromEntries(
    Object.entries(numbers).map(([name, values]) => [name, Array.from(values, (value) => finite(value))]),
  );
  return `${JSON.stringify({ schema: 1, kind: "training", ...rest, ...lists })}\n`;
}
