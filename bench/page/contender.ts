// A contender: one library training one problem, driven the way its own documentation says is fastest.
import { permutation } from "../../src/core/order.ts";
import type { Dataset } from "../../src/data/index.ts";
import type { RunSteps } from "./clock.ts";
import type { Problem } from "./problems.ts";

export interface Contender {
  readonly name: string;
  /** Losses of the first steps, from the start: [step][run]. */
  first(steps: number): Promise<number[][]>;
  /** Goes on from wherever it is. */
  readonly run: RunSteps;
  /** Steps it takes a submit, where they are several: it is timed in whole submits. */
  readonly submit?: number;
  close(): void;
}

/** One run's start: w [in, out] and b [out] of each linear layer. */
export interface Start {
  readonly w: Float32Array;
  readonly b: Float32Array;
}

/** What every contender trains with: starts by run and layer, batches cut beforehand by run. */
export interface Given {
  readonly problem: Problem;
  /** [run][layer] */
  readonly starts: readonly (readonly Start[])[];
  /** An epoch of batches: x [runs, batch, features] as the network sees it, y [runs, batch, outputs], labels as one-hot rows. */
  readonly batches: readonly { readonly x: Float32Array; readonly y: Float32Array }[];
}

/**
 * The batches of every run's first epoch, in the order in which the engine draws them. Contenders go through them again and
 * again, uploaded once: they are spared the drawing and gathering of each step, which is part of ours.
 */
export function batchesOf({ batch, runs }: Problem, data: Dataset): Given["batches"] {
  const { count, features, outputs, x, y, scale, shift } = data;
  const orders = Array.from({ length: runs }, (_, run) => permutation(count, run, 0));
  return Array.from({ length: Math.floor(count / batch) }, (_, step) => {
    const xs = new Float32Array(runs * batch * features);
    const ys = new Float32Array(runs * batch * outputs);
    for (let at = 0; at < runs * batch; at++) {
      const row = orders[Math.floor(at / batch)]?.[step * batch + (at % batch)] as number;
      for (let j = 0; j < features; j++) {
        const raw = Math.fround((x[row * features + j] as number) * (scale[j] as number));
        xs[at * features + j] = raw + (shift[j] as number);
      }
      if (y instanceof Uint32Array) ys[at * outputs + (y[row] as number)] = 1;
      else for (let j = 0; j < outputs; j++) ys[at * outputs + j] = y[row * outputs + j] as number;
    }
    return { x: xs, y: ys };
  });
}
