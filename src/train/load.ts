// load(): a training that goes on from a checkpoint.
import type { Backend } from "../backend/backend.ts";
import { fail } from "../core/check.ts";
import type { Dataset } from "../data/dataset.ts";
import { decodeCheckpoint } from "./checkpoint.ts";
import type { Recipe } from "./recipe.ts";
import { remoteOf } from "./remote.ts";
import { restoreSections } from "./sections.ts";
import type { Training } from "./training.ts";
import { open, type TrainOptions, training } from "./train.ts";

/** The data the checkpoint was made with; what else is given replaces the checkpoint's own. */
export type LoadOptions = { readonly data: Dataset } & Partial<TrainOptions>;

/** Goes on from a checkpoint with the same data: bit for bit as if it had never stopped. */
export function load(backend: Backend, bytes: Uint8Array, given: LoadOptions): Training {
  const remote = remoteOf(backend);
  if (remote) return remote.load(bytes, given);
  const checkpoint = decodeCheckpoint(bytes);
  const recipe = checkpoint.recipe as Recipe;
  const [run] = recipe.runs;
  if (!run) fail("load", "the checkpoint holds no run");
  if (recipe.data.hash !== given.data.hash) {
    fail(
      "load",
      `the checkpoint was made with data ${recipe.data.name} ${recipe.data.hash}, this is ${given.data.name} ${given.data.hash}`,
    );
  }
  const { model, loss, batch, steps, order, numericClass, validation } = recipe;
  const options: TrainOptions = {
    model,
    loss,
    batch,
    steps,
    order,
    numericClass,
    optimizer: run.optimizer,
    seed: run.init,
    dataSeed: run.order,
    ...(validation ? { validation } : {}),
    ...given,
  };
  return training(
    open(backend, options, {
      step: checkpoint.step,
      prepare: (population) => restoreSections(population, checkpoint),
      checkpoint,
    }),
    options,
  );
}
