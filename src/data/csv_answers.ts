// What a CSV file's rows are to be answered with: classes of a column, or numbers of one or several.
import { fail } from "../core/check.ts";
import type { TargetColumn } from "./csv_columns.ts";
import { cellAt } from "./csv_layout.ts";

export type CsvTask = "classification" | "regression";

export interface Answers {
  readonly task: CsvTask;
  readonly y: Uint32Array | Float32Array;
  readonly outputs: number;
  readonly classes: readonly string[] | undefined;
}

export interface AnswerOptions {
  readonly names: readonly string[];
  readonly task: CsvTask | undefined;
  readonly classes: readonly string[] | undefined;
  /** The file's row of every row kept. */
  readonly rows: Uint32Array;
}

/** Up to so many distinct integers without a gap are taken for classes. */
const FEW = 20;

/** Texts are classes, and so are at most 20 distinct integers without a gap between them; other numbers are regressed on. */
export function guessTask({ texts, numbers, notNumber }: Omit<TargetColumn, "index">): CsvTask {
  if (notNumber) return "classification";
  if (!texts) return "regression";
  const distinct = new Set(numbers);
  if (distinct.size > FEW || [...distinct].some((value) => !Number.isInteger(value))) return "regression";
  return Math.max(...distinct) - Math.min(...distinct) === distinct.size - 1 ? "classification" : "regression";
}

const byValue = (a: string, b: string): number => Number(a) - Number(b);

/** Labels of a column. Classes are sorted, numbers by value (1 and 1.0 are one class) and texts by their characters' codes. */
function labelled(where: string, column: TargetColumn, { names, classes: given, rows }: AnswerOptions): Answers {
  const { texts, notNumber, index } = column;
  if (!texts) fail(where, `the target ${names[index]} has over 65,536 classes`, 'set task: "regression" for numbers');
  const nameOf = (text: string): string => (notNumber || given?.includes(text) ? text : String(Number(text)));
  const own = texts.all.map(nameOf);
  const classes = given ?? [...new Set(own)].sort(notNumber ? undefined : byValue);
  const labels = new Map(classes.map((name, label) => [name, label]));
  if (labels.size !== classes.length) fail(where, "classes names one twice", "name each class once");
  const y = texts.indices.map((text, i) => {
    const label = labels.get(own[text] ?? "");
    if (label !== undefined) return label;
    const found = `${cellAt(rows[i] ?? 0, index, names)} is ${JSON.stringify(own[text])}`;
    return fail(where, `${found}, expected one of classes: ${classes.join(", ")}`, "correct it or add it to classes");
  });
  return { task: "classification", y, outputs: classes.length, classes };
}

function targets(where: string, columns: readonly TargetColumn[], { names, rows, classes }: AnswerOptions): Answers {
  if (classes) fail(where, "classes are named, the task is regression", 'set task: "classification"');
  const outputs = columns.length;
  const y = new Float32Array(rows.length * outputs);
  for (const [j, { index, numbers, notNumber }] of columns.entries()) {
    if (notNumber) {
      const what = `is ${JSON.stringify(notNumber.cell)}, expected a number`;
      fail(where, `${cellAt(notNumber.row, index, names)} ${what}`, 'set task: "classification" for texts');
    }
    for (const [i, value] of numbers.entries()) {
      y[i * outputs + j] = value;
      if (!Number.isFinite(y[i * outputs + j])) {
        fail(where, `${cellAt(rows[i] ?? 0, index, names)} is ${value}, too large for f32`, "scale it down");
      }
    }
  }
  return { task: "regression", y, outputs, classes: undefined };
}

/** y from the target columns. Several targets are regressed on. Throws, naming row and column, for what does not fit the task. */
export function answersOf(where: string, columns: readonly TargetColumn[], options: AnswerOptions): Answers {
  const [first] = columns as [TargetColumn];
  if (columns.length > 1 && options.task === "classification") {
    fail(where, `there are ${columns.length} targets, expected one for classification`, "give one target");
  }
  const usual = columns.length > 1 ? "regression" : options.classes ? "classification" : guessTask(first);
  const task = options.task ?? usual;
  return task === "classification" ? labelled(where, first, options) : targets(where, columns, options);
}
