// What the page shows of a network beside its losses: a surface, the first layer's weights, a confusion matrix with mistakes.
import type { Dataset } from "../../data/index.ts";
import type { Training } from "../../train/training.ts";
import type { Confusion, Grid, Mistake, Weights } from "./protocol.ts";

/** Units whose weights are shown at most. */
const UNITS = 64;
const MISTAKES = 24;

/** Rows (x, y) of a grid's points, from its top left. */
export function gridPoints({ size, left, right, bottom, top }: Grid): Float32Array {
  const points = new Float32Array(2 * size * size);
  for (let i = 0; i < size * size; i++) {
    const column = i % size;
    const row = (i - column) / size;
    points[2 * i] = left + ((column + 0.5) / size) * (right - left);
    points[2 * i + 1] = top - ((row + 0.5) / size) * (top - bottom);
  }
  return points;
}

/** The first layer's weights, unit after unit; undefined where there is no matrix on the inputs. */
export async function weightsOf(training: Training, data: Dataset, step: number): Promise<Weights | undefined> {
  const all = await training.parameters();
  const w = [...all].find(([name]) => name.endsWith(".w"))?.[1];
  const inputs = data.features;
  if (!w || w.length % inputs !== 0) return undefined;
  const units = w.length / inputs;
  const shown = Math.min(units, UNITS);
  const values = new Float32Array(shown * inputs);
  for (let unit = 0; unit < shown; unit++)
    for (let i = 0; i < inputs; i++) values[unit * inputs + i] = w[i * units + unit] as number;
  return { step, inputs, units, shown, values };
}

/** Counts of label against guess over the validation rows, and the mistakes the network is surest of. */
export async function confusionOf(training: Training, data: Dataset, step: number): Promise<Confusion> {
  const { start, count } = data.splits.validation;
  const { features, outputs } = data;
  const { values } = await training.predict(data.x.subarray(start * features, (start + count) * features));
  const counts = new Uint32Array(outputs * outputs);
  const wrong: Omit<Mistake, "x">[] = [];
  for (let i = 0; i < count; i++) {
    const shares = values.subarray(i * outputs, (i + 1) * outputs);
    const guess = shares.reduce((best, share, j) => (share > (shares[best] as number) ? j : best), 0);
    const label = data.y[start + i] as number;
    const at = label * outputs + guess;
    counts[at] = (counts[at] as number) + 1;
    if (guess !== label) wrong.push({ row: start + i, label, guess, probability: shares[guess] as number });
  }
  wrong.sort((a, b) => b.probability - a.probability || a.row - b.row);
  const mistakes = wrong.slice(0, MISTAKES).map((mistake) => ({
    ...mistake,
    x: Float32Array.from(data.x.subarray(mistake.row * features, (mistake.row + 1) * features)),
  }));
  return { step, classes: data.classes ?? [], counts, mistakes };
}
