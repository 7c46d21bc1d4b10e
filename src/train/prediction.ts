// What a prediction gives: rows of numbers, and the likeliest classes of one.

/** Rows of predictions: probabilities of the classes, or the outputs of a regression. */
export interface Prediction {
  readonly rows: number;
  readonly width: number;
  /** [rows, width] */
  readonly values: Float32Array;
  /** The k largest of a row with their classes, largest first. */
  top(row: number, k?: number): { index: number; label: string; value: number }[];
}

export function prediction(values: Float32Array, width: number, classes: readonly string[] | undefined): Prediction {
  return {
    rows: values.length / width,
    width,
    values,
    top(row, k = 1) {
      const of = Array.from(values.subarray(row * width, (row + 1) * width), (value, index) => ({ value, index }));
      const ranked = of.sort((a, b) => b.value - a.value || a.index - b.index).slice(0, k);
      return ranked.map(({ value, index }) => ({ index, label: classes?.[index] ?? String(index), value }));
    },
  };
}
