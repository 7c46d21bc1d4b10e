// A snapshot as a checkpoint. Loaded when something is saved.
import { encodeCheckpoint } from "./checkpoint.ts";
import type { Population, Snapshot } from "./population.ts";
import { recipeOf } from "./recipe.ts";
import { sectionsOf } from "./sections.ts";

export function snapshotCheckpoint(population: Population, snapshot: Snapshot): Uint8Array<ArrayBuffer> {
  const recipe = recipeOf(population.task, population.options);
  const { step, heard } = snapshot;
  return encodeCheckpoint({
    step,
    recipe,
    ...(heard?.length ? { heard } : {}),
    sections: sectionsOf(population, snapshot),
  });
}
