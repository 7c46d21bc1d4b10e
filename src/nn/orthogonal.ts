// Orthogonal starts: rows or columns at right angles, whichever are fewer. Computed in f64 on the host.
import { checkKeys } from "../core/check.ts";
import { columnsOf, elements, rowsOf, type Shape } from "../core/shape.ts";
import { checkInitializer, defineInitializer, type Initializer } from "./initializers.ts";

/** v less its part along each of the unit vectors before it: twice, after which rounding is all that is left (Kahan, Parlett). */
function straighten(v: Float64Array, before: readonly Float64Array[]): Float64Array {
  for (let pass = 0; pass < 2; pass++) {
    for (const other of before) {
      const along = v.reduce((sum, x, i) => sum + x * (other[i] as number), 0);
      for (let i = 0; i < v.length; i++) v[i] = (v[i] as number) - along * (other[i] as number);
    }
  }
  const length = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  return v.map((x) => x / length);
}

/**
 * The normal matrix' own rows (columns, where it has more rows) made orthonormal one after the other: the Q of its QR
 * decomposition with a positive diagonal of R, so that every rotation is equally likely.
 */
function orthonormal(gain: number, shape: Shape, draw: (index: number) => number): Float32Array<ArrayBuffer> {
  const [rows, cols] = [rowsOf(shape), columnsOf(shape)];
  const wide = rows < cols;
  const [count, length] = wide ? [rows, cols] : [cols, rows];
  const place = (k: number, i: number): number => (wide ? k * cols + i : i * cols + k);
  const result = new Float32Array(elements(shape));
  const vectors: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const v = straighten(
      Float64Array.from({ length }, (_, i) => draw(place(k, i))),
      vectors,
    );
    vectors.push(v);
    for (let i = 0; i < length; i++) result[place(k, i)] = gain * (v[i] as number);
  }
  return result;
}

defineInitializer("orthogonal", orthonormal);

/**
 * gain times a matrix whose rows (or columns, whichever are fewer) are orthonormal: Saxe et al. 2014, PyTorch's orthogonal_. Gain 1. A
 * vector counts as a matrix of one row. Time grows with the larger size times the square of the smaller.
 */
export function orthogonal(options: { readonly gain?: number } = {}): Initializer {
  checkKeys("orthogonal", options, ["gain"]);
  return checkInitializer("initializer", { kind: "orthogonal", ...options });
}
