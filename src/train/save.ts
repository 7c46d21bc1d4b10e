// A snapshot as a checkpoint. Loaded when something is saved.
import { encodeCheckpoint, type Section } from "./checkpoint.ts";
import type { Population, Snapshot } from "./population.ts";
import { recipeOf } from "./recipe.ts";
import { BEST, SCALE, SHIFT, sectionsOf } from "./sections.ts";
import { isBytes } from "./task.ts";
import type { Known } from "./validation.ts";

/** `known` is what a validated training knew at the snapshot. */
export function snapshotCheckpoint(population: Population, snapshot: Snapshot, known?: Known): Uint8Array<ArrayBuffer> {
  const recipe = recipeOf(population.task, population.options);
  const { step, heard } = snapshot;
  const { shape, outputs, classes, scale, shift } = population.task.data;
  return encodeCheckpoint({
    step,
    recipe,
    ...(heard?.length ? { heard } : {}),
    ...(known ? { validations: known.validations } : {}),
    ...(known?.best?.heard?.length ? { bestHeard: known.best.heard } : {}),
    data: { shape, outputs, classes, bytes: isBytes(population.task.data) },
    sections: [
      ...sectionsOf(population, snapshot),
      ...(known?.best ? bestSections(population, known.best) : []),
      { name: SCALE, shape: [scale.length], data: scale },
      { name: SHIFT, shape: [shift.length], data: shift },
    ],
  });
}

const bestSections = (population: Population, best: Snapshot): Section[] =>
  sectionsOf(population, best).map((section) => ({ ...section, name: `${BEST}${section.name}` }));
