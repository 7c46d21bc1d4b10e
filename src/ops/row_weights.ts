// The weights of a batch's rows, over their mean: what a weighted loss multiplies each row's part by.
import wgsl from "../../shaders/ops/row_weights.wgsl?raw";
import type { Tensor } from "../core/tensor.ts";
import { defineKernel, read, readWords, type Sizes, type Tensors, write } from "../kernel/kernel.ts";
import { defineOp } from "./op.ts";

/** The weight of a row: its sample's times its class's. */
export function weightOf({ samples, labels, classes }: Tensors, row: number): number {
  return (samples as Tensor).at(row) * (classes as Tensor).at((labels as Tensor).at(row));
}

function reference(tensors: Tensors, { rows = 0, mean: given = -1 }: Sizes, { valid }: { valid: number }): void {
  let mean = given;
  if (given < 0) {
    let total = 0;
    for (let i = 0; i < Math.min(rows, valid); i++) total += weightOf(tensors, i);
    mean = total / rows;
  }
  for (let i = 0; i < rows; i++) tensors.y?.set(mean > 0 ? (tensors.samples as Tensor).at(i) / mean : 0, i);
}

defineKernel({
  name: "row_weights",
  wgsl,
  params: ["rows", "count", "mean"],
  bindings: ({ rows = 0, count = 1 }) => ({
    ...{ samples: read(rows, 1), labels: readWords(rows), classes: read(count) },
    y: write(rows),
  }),
  threads: ({ rows = 0 }) => [rows],
  reference,
});

/**
 * Inputs: the samples' weights [batch, 1] and, where classes have weights, the labels [batch]. Attributes: `mean`, the mean weight of all
 * rows in question or -1 for that of the batch; `classes`, the classes' weights. Output: [batch].
 */
defineOp({
  name: "rowWeights",
  calls: ({ shape, inputs, attributes }) => {
    const [rows = 1] = shape;
    const classes = (attributes.classes as readonly number[] | undefined) ?? [1];
    const labels = inputs.length > 1 ? { input: 1 } : { words: new Array<number>(rows).fill(0) };
    const tensors = {
      samples: { input: 0 },
      labels,
      classes: { words: classes, dtype: "f32" },
      y: { output: 0 },
    } as const;
    return [
      { kernel: "row_weights", sizes: { rows, count: classes.length, mean: attributes.mean as number }, tensors },
    ];
  },
});
