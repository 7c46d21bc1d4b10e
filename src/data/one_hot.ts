// Classes as rows of zeros with a one.
import { checkInteger, fail } from "../core/check.ts";

/** Labels [count] as targets [count, classes]: 1 at the label, 0 elsewhere. By default as many classes as the largest label asks for. */
export function oneHot(labels: ArrayLike<number>, classes?: number): Float32Array<ArrayBuffer> {
  let largest = 0;
  for (let i = 0; i < labels.length; i++) largest = Math.max(largest, labels[i] ?? 0);
  const width = checkInteger("oneHot", "classes", classes ?? largest + 1, { min: 1 });
  const result = new Float32Array(labels.length * width);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] ?? Number.NaN;
    if (!Number.isInteger(label) || label < 0 || label >= width) {
      fail("oneHot", `label ${i} is ${label}, expected an integer >= 0 and < ${width}`);
    }
    result[i * width + label] = 1;
  }
  return result;
}
