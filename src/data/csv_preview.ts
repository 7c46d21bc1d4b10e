// A look at a CSV file's first rows, before it is read.
import { checkInteger, checkKeys, FallLineError } from "../core/check.ts";
import { missingWords } from "./csv_columns.ts";
import { type LayoutOptions, layOut, layoutKeys, numberIn, usualTarget } from "./csv_layout.ts";
import type { Delimiter } from "./csv_records.ts";
import { nameOf, type Source } from "./source.ts";

export interface CsvPreview {
  readonly delimiter: Delimiter;
  readonly header: boolean;
  readonly columns: readonly {
    readonly name: string;
    /** What its cells in these rows are; "mixed" is numbers and texts. */
    readonly kind: "number" | "text" | "mixed" | "empty";
  }[];
  /** The first rows below the header, as text. */
  readonly rows: readonly (readonly string[])[];
  /** The column csv() learns where none is given: its index. */
  readonly target: number;
  /** What is wrong with the file as far as it was read; the rows are those before it. */
  readonly problem: FallLineError | undefined;
}

function kindOf(cells: readonly string[]): CsvPreview["columns"][number]["kind"] {
  const given = cells.map((cell) => cell.trim()).filter((cell) => !missingWords.includes(cell));
  const numbers = given.filter((cell) => numberIn(cell) !== undefined).length;
  if (given.length === 0) return "empty";
  return numbers === given.length ? "number" : numbers === 0 ? "text" : "mixed";
}

/** The first rows of a CSV file and what is guessed from them, without reading the rest. Rejects where it has no row at all. */
export async function previewCsv(source: Source, options: LayoutOptions & { rows?: number } = {}): Promise<CsvPreview> {
  checkKeys("previewCsv", options, [...layoutKeys, "rows"]);
  const where = `csv ${nameOf(source, "file")}`;
  const most = checkInteger(where, "rows", options.rows ?? 10, { min: 1 });
  const { delimiter, header, names, records } = await layOut(where, source, options);
  const rows: (readonly string[])[] = [];
  let problem: FallLineError | undefined;
  try {
    for await (const batch of records) {
      rows.push(...batch.slice(0, most - rows.length).map(({ cells }) => cells));
      if (rows.length >= most) break;
    }
  } catch (error) {
    if (!(error instanceof FallLineError)) throw error;
    problem = error;
  }
  const columns = names.map((name, i) => ({ name, kind: kindOf(rows.map((cells) => cells[i] ?? "")) }));
  return { delimiter, header, columns, rows, target: usualTarget(names), problem };
}
