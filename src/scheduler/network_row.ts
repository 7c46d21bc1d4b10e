// A row of a batch as a network's kernel holds it: its numbers by fours, each four a name of the text; and expressions on them.

/** A row's columns by fours, the last of which may be fewer: what each four is called. */
export interface Row {
  readonly names: readonly string[];
  readonly cols: number;
}

export const quadsOf = (cols: number): number => Math.ceil(cols / 4);

/** Numbers in the q-th four of a row. */
export const widthOf = (cols: number, q: number): number => Math.min(4, cols - 4 * q);

export const typeOf = (width: number): string => (width === 1 ? "f32" : `vec${width}f`);

/** One number of a row. */
export function laneOf({ names, cols }: Row, j: number): string {
  const name = names[j >> 2] as string;
  return widthOf(cols, j >> 2) === 1 ? name : `${name}.${"xyzw"[j & 3]}`;
}

/** Numbers as one value. */
export const together = (numbers: readonly string[]): string =>
  numbers.length === 1 ? (numbers[0] as string) : `${typeOf(numbers.length)}(${numbers.join(", ")})`;

/** One number throughout a value. */
export const spread = (number: string, width: number): string => (width === 1 ? number : `${typeOf(width)}(${number})`);

/** The q-th four of a row as a vec4f, 0 beyond its columns. */
export function widened({ names, cols }: Row, q: number): string {
  const missing = 4 - widthOf(cols, q);
  return missing === 0 ? (names[q] as string) : `vec4f(${names[q]}${", 0.0".repeat(missing)})`;
}

/** The first numbers of a vec4f. */
export const narrowed = (expression: string, width: number): string =>
  width === 4 ? expression : `${expression}.${"xyzw".slice(0, width)}`;

const bits = new DataView(new ArrayBuffer(4));

/** A constant with all its bits. */
export function literal(value: number): string {
  bits.setFloat32(0, value);
  return `bitcast<f32>(${bits.getUint32(0)}u)`;
}
