// A recipe: everything a training depends on, as plain data, and its hash. It keys a cache, sits in a URL, is saved in a checkpoint.
import { canonical, hashParts, hashText } from "../core/hash.ts";
import type { NumericClass } from "../scheduler/plan.ts";
import type { Layer } from "../nn/layer.ts";
import type { Loss } from "../nn/losses.ts";
import type { Order } from "../ops/batch.ts";
import { type Optimizer, sampleFunctions } from "../optim/chain.ts";
import type { PopulationOptions } from "./population.ts";
import type { ValidationSpec } from "./spec.ts";
import type { Task } from "./task.ts";

export interface Recipe {
  readonly version: 1;
  readonly data: { readonly name: string; readonly hash: string };
  readonly model: readonly Layer[];
  readonly loss: Loss;
  readonly batch: number;
  readonly steps: number;
  readonly order: Order;
  readonly numericClass: NumericClass;
  /** Where it validates, keeps its best or stops early. */
  readonly validation?: ValidationSpec;
  readonly runs: readonly { readonly optimizer: Optimizer; readonly init: number; readonly order: number }[];
}

export function recipeOf(
  { data, model, loss }: Task,
  { batch, steps, order = "permutation", numericClass = "sequential", runs, validation }: PopulationOptions,
): Recipe {
  return {
    version: 1,
    data: { name: data.name, hash: data.hash },
    model,
    loss,
    batch,
    steps,
    order,
    numericClass,
    ...(validation ? { validation } : {}),
    runs: runs.map(({ optimizer, init, order: seed }) => ({
      optimizer: sampleFunctions(optimizer, steps),
      init,
      order: seed,
    })),
  };
}

/** 64-bit fingerprint, in hex, of all of it: equal recipes give equal runs. */
export const recipeHash = (recipe: Recipe): string => hashText(canonical(recipe));

/** 64-bit fingerprint, in hex, of the loss of every step in order: equal ones mean the same run, to the last bit. */
export const lossHash = (losses: Float64Array): string => hashParts([losses]);
