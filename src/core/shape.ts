// Shapes, pitch and the room a tensor takes. Logical sizes here; strides and offsets are the scheduler's.

export type Shape = readonly number[];

/** f32 numbers, u32 integers (labels, rows, tables), or bytes packed four to a word. */
export type Dtype = "f32" | "u32" | "u8";

/** Arena tensors start at multiples of this many elements, so that a dynamic offset or a vec4 load never splits one. */
export const ALIGNMENT = 64;

export const elements = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);

/** The last dimension rounded up to 4, so that rows load as vec4. */
export const pitchOf = (columns: number): number => (columns + 3) & ~3;

export const columnsOf = (shape: Shape): number => shape[shape.length - 1] ?? 1;

/** Rows of the matrix a tensor is stored as: every dimension but the last. */
export const rowsOf = (shape: Shape): number => elements(shape.slice(0, -1));

/** Elements of storage a tensor takes: rows x pitch. */
export const spanOf = (shape: Shape): number => rowsOf(shape) * pitchOf(columnsOf(shape));

export const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to;

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((n, i) => n === b[i]);

export const showShape = (shape: Shape): string => `[${shape.join(", ")}]`;
