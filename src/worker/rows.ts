// Rows of metrics as typed arrays: numbers, and tables of numbers of one shape, by name; what is neither goes as it is.

/** A key's numbers in every row: [rows, ...shape]. */
export interface Column {
  readonly shape: readonly number[];
  readonly values: Float64Array<ArrayBuffer>;
}

export interface PackedRows {
  readonly count: number;
  readonly columns: Readonly<Record<string, Column>>;
  /** Values by key where rows differ in kind; undefined where a row lacks the key. */
  readonly others: Readonly<Record<string, readonly unknown[]>>;
}

type Row = Readonly<Record<string, unknown>>;

/** The shape of a number or a rectangle of numbers; undefined for anything else. */
function shapeOf(value: unknown): readonly number[] | undefined {
  if (typeof value === "number") return [];
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const inner = shapeOf(value[0]);
  if (!inner || value.some((item) => String(shapeOf(item)) !== String(inner))) return undefined;
  return [value.length, ...inner];
}

const flat = (value: unknown): readonly number[] =>
  typeof value === "number" ? [value] : ((value as readonly unknown[]).flat(8) as number[]);

function nested(values: Float64Array, shape: readonly number[], from: number): unknown {
  const [length, ...inner] = shape;
  if (length === undefined) return values[from];
  const size = inner.reduce((product, n) => product * n, 1);
  return Array.from({ length }, (_, i) => nested(values, inner, from + i * size));
}

export function packRows(rows: readonly object[]): PackedRows {
  const columns: Record<string, Column> = {};
  const others: Record<string, unknown[]> = {};
  for (const key of new Set(rows.flatMap((row) => Object.keys(row)))) {
    const given = rows.map((row) => (row as Row)[key]);
    const shape = shapeOf(given[0]);
    if (!shape || given.some((value) => String(shapeOf(value)) !== String(shape))) others[key] = given;
    else columns[key] = { shape, values: Float64Array.from(given.flatMap(flat)) };
  }
  return { count: rows.length, columns, others };
}

export function unpackRows<T>({ count, columns, others }: PackedRows): T[] {
  return Array.from({ length: count }, (_, i) => {
    const row: Record<string, unknown> = {};
    for (const [key, { shape, values }] of Object.entries(columns)) {
      row[key] = nested(values, shape, (values.length / count) * i);
    }
    for (const [key, given] of Object.entries(others)) if (given[i] !== undefined) row[key] = given[i];
    return row as T;
  });
}
