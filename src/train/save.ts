// A snapshot as a checkpoint. Loaded when something is saved.
import { encodeCheckpoint, type Section } from "./checkpoint.ts";
import type { Population, Snapshot } from "./population.ts";
import { recipeOf } from "./recipe.ts";
import { BEST, sectionsOf } from "./sections.ts";
import type { Known } from "./validation.ts";

/** `known` is what a validated training knew at the snapshot. */
export function snapshotCheckpoint(population: Population, snapshot: Snapshot, known?: Known): Uint8Array<ArrayBuffer> {
  const recipe = recipeOf(population.task, population.options);
  const { step, heard } = snapshot;
  return encodeCheckpoint({
    step,
    recipe,
    ...(heard?.length ? { heard } : {}),
    ...(known ? { validations: known.validations } : {}),
    ...(known?.best?.heard?.length ? { bestHeard: known.best.heard } : {}),
    sections: [...sectionsOf(population, snapshot), ...(known?.best ? bestSections(population, known.best) : [])],
  });
}

const bestSections = (population: Population, best: Snapshot): Section[] =>
  sectionsOf(population, best).map((section) => ({ ...section, name: `${BEST}${section.name}` }));
