// A trained model out of a checkpoint, to predict with where its data are not: it brings their scaling, shape and classes.
import type { Backend } from "../backend/backend.ts";
import { fail } from "../core/check.ts";
import type { Dataset } from "../data/dataset.ts";
import { type Checkpoint, type DataFacts, decodeCheckpoint, sectionNamed } from "./checkpoint.ts";
import { Population } from "./population.ts";
import { Predictor } from "./predict.ts";
import type { Prediction } from "./prediction.ts";
import type { Recipe } from "./recipe.ts";
import { remoteOf } from "./remote.ts";
import { SCALE, SHIFT, restoreSections } from "./sections.ts";

export interface LoadedModel {
  /** One example's shape, and the names of the classes (undefined for a regression). */
  readonly shape: readonly number[];
  readonly classes: readonly string[] | undefined;
  readonly recipe: Recipe;
  /** Steps it was trained. */
  readonly step: number;
  /** As Training.predict(): rows of x as they came, bytes or floats as the data were; their scaling is applied. */
  predict(x: Uint8Array | Float32Array): Promise<Prediction>;
  /** As Training.parameters(): those that are evaluated. */
  parameters(): Promise<Map<string, Float32Array>>;
  close(): void;
}

const split = { start: 0, count: 1 };
const none = { start: 1, count: 0 };

/** A data set of one row of zeros that is scaled as the one trained on. */
function stand(checkpoint: Checkpoint, facts: DataFacts, { data: { name, hash } }: Recipe): Dataset {
  const { shape, outputs, classes, bytes } = facts;
  const features = shape.reduce((product, size) => product * size, 1);
  const [scale, shift] = [sectionNamed(checkpoint, SCALE), sectionNamed(checkpoint, SHIFT)];
  return {
    ...{ name, hash, count: 1, features, shape, outputs, classes, scale, shift },
    x: bytes ? new Uint8Array(features) : new Float32Array(features),
    y: classes ? new Uint32Array(1) : new Float32Array(outputs),
    splits: { train: split, validation: none, test: none },
  };
}

/**
 * The model of a checkpoint, to predict with: what the training's own predict() gave at that step, bit for bit, without its data.
 * Rejects for a broken checkpoint and one of several runs.
 */
export async function loadModel(backend: Backend, checkpoint: Uint8Array): Promise<LoadedModel> {
  const remote = remoteOf(backend);
  if (remote) return remote.loadModel(checkpoint);
  const decoded = decodeCheckpoint(checkpoint);
  const { data: facts, step } = decoded;
  const recipe = decoded.recipe as Recipe;
  if (!facts) fail("loadModel", "the checkpoint says nothing of its data", "save it anew with this version");
  if (recipe.runs.length !== 1) fail("loadModel", `the checkpoint holds ${recipe.runs.length} runs, expected one`);
  const { model, loss, steps, runs, numericClass } = recipe;
  const task = { data: stand(decoded, facts, recipe), model, loss };
  const population = await Population.open(backend, task, {
    batch: 1,
    steps,
    runs,
    order: "replacement",
    numericClass,
  });
  try {
    restoreSections(population, decoded);
  } catch (error) {
    population.dispose();
    throw error;
  }
  const predictor = new Predictor(population);
  return {
    ...{ shape: facts.shape, classes: facts.classes, recipe, step },
    predict: (x) => predictor.predict(x, 0),
    parameters: () => population.evaluated(0),
    close() {
      predictor.dispose();
      population.dispose();
    },
  };
}
