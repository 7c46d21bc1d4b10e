// Zero mean and unit variance, fitted on the training rows only.
import { type Dataset, fingerprint } from "./dataset.ts";

interface Moments {
  readonly mean: Float64Array;
  readonly sigma: Float64Array;
}

/** Mean and standard deviation (over n, two passes, f64) of each column of x over the rows; sigma 0 exactly when constant. */
function moments(x: Uint8Array | Float32Array, features: number, rows: number): Moments {
  const mean = new Float64Array(features);
  const square = new Float64Array(features);
  const varies = new Uint8Array(features);
  const at = (row: number, column: number): number => x[row * features + column] ?? 0;
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < features; j++) {
      mean[j] = (mean[j] ?? 0) + at(row, j) / rows;
      if (at(row, j) !== at(0, j)) varies[j] = 1;
    }
  }
  for (let j = 0; j < features; j++) if (!varies[j]) mean[j] = at(0, j);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < features; j++) square[j] = (square[j] ?? 0) + (at(row, j) - (mean[j] ?? 0)) ** 2;
  }
  return { mean, sigma: square.map((sum) => Math.sqrt(sum / rows)) };
}

/**
 * The same data with scale and shift such that each feature the network sees has mean 0 and standard deviation 1 over the
 * *training* split; validation and test are scaled by the same numbers and so keep means of their own. A feature that is
 * constant over the training split (sigma 0, or too small for 1 / sigma in f32) keeps its scale and is only shifted to mean 0.
 * Targets are left as they are.
 */
export function standardize(data: Dataset): Dataset {
  const { features, splits } = data;
  const start = splits.train.start * features;
  const { mean, sigma } = moments(data.x.subarray(start), features, splits.train.count);
  // What the network sees now is x s + b, with mean m s + b and deviation |s| sigma.
  const scale = data.scale.map((s, j) => {
    const wanted = Math.fround(s / (Math.abs(s) * (sigma[j] ?? 0)));
    return Number.isFinite(wanted) ? wanted : s;
  });
  const shift = scale.map((s, j) => -s * (mean[j] ?? 0));
  const changed = { ...data, scale, shift };
  return { ...changed, hash: fingerprint(changed) };
}
