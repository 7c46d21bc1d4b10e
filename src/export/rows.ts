// A training's data as PyTorch needs them: the training rows as the network sees them, and which rows each step takes.
import { draw, permutation } from "../core/order.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Order } from "../ops/batch.ts";
import { encodeSafetensors } from "./safetensors.ts";

export interface RowsOptions {
  readonly batch: number;
  readonly steps: number;
  /** The data seed. */
  readonly seed: number;
  readonly order?: Order;
}

/** Which training rows each step takes, counted from the split's first: i32 [steps, batch]. */
export function rowsOf(
  { splits: { train } }: Dataset,
  { batch, steps, seed, order = "permutation" }: RowsOptions,
): Int32Array {
  const { count } = train;
  const perEpoch = Math.floor(count / batch);
  const rows = new Int32Array(steps * batch);
  let shuffled: ArrayLike<number> = [];
  for (let t = 0; t < steps; t++) {
    if (order === "permutation" && t % perEpoch === 0) shuffled = permutation(count, seed, Math.floor(t / perEpoch));
    for (let i = 0; i < batch; i++) {
      const position = t * batch + i;
      const inEpoch = (t % perEpoch) * batch + i;
      const row =
        order === "permutation" ? shuffled[inEpoch] : order === "replacement" ? draw(position, count, seed) : position;
      rows[position] = Math.min(row as number, count - 1);
    }
  }
  return rows;
}

/** data.safetensors of the PyTorch script: x [rows, features] scaled as the network sees it, y (labels i32, targets f32), rows. */
export function dataSafetensors(data: Dataset, options: RowsOptions): Uint8Array<ArrayBuffer> {
  const { features, outputs, x, y, scale, shift } = data;
  const { start, count } = data.splits.train;
  const seen = Float32Array.from({ length: count * features }, (_, i) => {
    const column = i % features;
    return (x[start * features + i] as number) * (scale[column] as number) + (shift[column] as number);
  });
  const labels = y instanceof Uint32Array;
  const against = labels
    ? { shape: [count], data: Int32Array.from(y.subarray(start, start + count)) }
    : { shape: [count, outputs], data: y.slice(start * outputs, (start + count) * outputs) };
  return encodeSafetensors({
    tensors: [
      { name: "x", shape: [count, features], data: seen },
      { name: "y", ...against },
      { name: "rows", shape: [options.steps, options.batch], data: rowsOf(data, options) },
    ],
    metadata: { name: data.name, hash: data.hash },
  });
}
