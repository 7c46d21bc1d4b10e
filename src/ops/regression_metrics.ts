// What is told of a regression beside its loss: absolute errors, and squares as shares of what R2 compares them with.
import wgsl from "../../shaders/ops/regression_metrics.wgsl?raw";
import type { Tensor } from "../core/tensor.ts";
import { type Node, node } from "../graph/node.ts";
import { defineKernel, read, write } from "../kernel/kernel.ts";
import { defineOp, matrix } from "./op.ts";

defineKernel({
  name: "regression_metrics",
  wgsl,
  params: ["rows", "cols"],
  bindings: ({ rows = 0, cols = 0 }) => ({
    ...{ z: read(rows, cols), targets: read(rows, cols), shares: read(cols) },
    metrics: write(2, rows),
  }),
  threads: ({ rows = 0 }) => [rows],
  reference(tensors, { rows = 0, cols = 1 }, { valid }) {
    const { z, targets, shares, metrics } = tensors as Readonly<Record<string, Tensor>>;
    for (let i = 0; i < rows; i++) {
      let [apart, squares] = [0, 0];
      for (let j = 0; j < cols; j++) {
        const d = z!.at(i, j) - targets!.at(i, j);
        apart += Math.abs(d) / cols;
        squares += shares!.at(j) * d * d;
      }
      metrics!.set(i < valid ? apart : 0, 0, i);
      metrics!.set(i < valid ? squares : 0, 1, i);
    }
  },
});

/** [2, batch] of outputs z and targets [batch, columns]: the mean of |z - target| over the columns, the sum of shares (z - target)^2. */
export const regressionMetrics = (z: Node, targets: Node, shares: readonly number[]): Node =>
  node("regressionMetrics", [2, z.shape[0] as number], { inputs: [z, targets], attributes: { shares } });

defineOp({
  name: "regressionMetrics",
  calls: ({ inputs, attributes }) => {
    const shares = { words: attributes.shares as readonly number[], dtype: "f32" } as const;
    const tensors = { z: { input: 0 }, targets: { input: 1 }, shares, metrics: { output: 0 } };
    return [{ kernel: "regression_metrics", sizes: matrix((inputs[0] as Node).shape), tensors }];
  },
});

/**
 * For each column 1 / (columns times the sum of squares of its targets about their mean), by two passes in f64: with these shares R2,
 * averaged over the columns, is 1 - the sum of shares (z - target)^2. Columns whose targets are all equal have no R2: they get
 * 0 and the others a larger part.
 */
export function sharesOf(targets: ArrayLike<number>, cols: number): number[] {
  const rows = targets.length / cols;
  const totals = Array.from({ length: cols }, (_, j) => {
    let [mean, total] = [0, 0];
    for (let i = 0; i < rows; i++) mean += (targets[i * cols + j] as number) / rows;
    for (let i = 0; i < rows; i++) total += ((targets[i * cols + j] as number) - mean) ** 2;
    // Equal numbers differ from their computed mean by rounding: rows of 2^-52 of it.
    return total <= rows * (rows * 2 ** -52 * mean) ** 2 ? 0 : total;
  });
  const varied = totals.filter((total) => total > 0).length;
  return totals.map((total) => (total > 0 ? Math.fround(1 / (varied * total)) : 0));
}
