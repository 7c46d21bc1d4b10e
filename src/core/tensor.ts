// A logical view of one run's tensor for the CPU references: indices in, strides hidden.
// Beside each value it can carry a bound on that value's error, which is how tolerances are composed.
import { columnsOf, pitchOf, type Shape } from "./shape.ts";

export type Numbers = Float64Array | Float32Array | Uint32Array | Uint8Array;

export class Tensor {
  readonly data: Numbers;
  readonly shape: Shape;
  readonly offset: number;
  readonly stride: number;
  readonly errors: Float64Array | undefined;

  constructor(data: Numbers, shape: Shape, place: { offset?: number; pitch?: number; errors?: Float64Array } = {}) {
    this.data = data;
    this.shape = shape;
    this.offset = place.offset ?? 0;
    this.stride = shape.length > 1 ? (place.pitch ?? pitchOf(columnsOf(shape))) : 1;
    this.errors = place.errors;
  }

  /** A fresh tensor of zeros with no padding between rows other than the pitch. */
  static zeros(shape: Shape, data?: Numbers): Tensor {
    const pitch = pitchOf(columnsOf(shape));
    const rows = shape.slice(0, -1).reduce((product, n) => product * n, 1);
    return new Tensor(data ?? new Float64Array(rows * pitch), shape, { errors: new Float64Array(rows * pitch) });
  }

  /** Element [i] of a vector, [i, j] of a matrix (the rows of every dimension but the last are numbered through). */
  at(i = 0, j = 0): number {
    return this.data[this.offset + i * this.stride + j] as number;
  }

  set(value: number, i = 0, j = 0): void {
    this.data[this.offset + i * this.stride + j] = value;
  }

  /** The bound on this element's error that came with it; 0 where it is exact. */
  error(i = 0, j = 0): number {
    return this.errors ? (this.errors[this.offset + i * this.stride + j] as number) : 0;
  }

  allow(error: number, i = 0, j = 0): void {
    if (this.errors) this.errors[this.offset + i * this.stride + j] = error;
  }
}
