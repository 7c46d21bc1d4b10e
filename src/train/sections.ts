// Between arenas and a checkpoint's sections: every run's tensors and state slots by name, at their logical sizes.
import { fail } from "../core/check.ts";
import { elements } from "../core/shape.ts";
import type { Segment } from "../scheduler/arenas.ts";
import { type Checkpoint, type Section, sectionNamed } from "./checkpoint.ts";
import { logical } from "./layout.ts";
import { CLEAR } from "./fill.ts";
import type { Population, Snapshot } from "./population.ts";

interface Place {
  readonly name: string;
  readonly segment: Segment;
  readonly start: number;
}

/** Where every section lies in the parameter and state arenas. */
function places(population: Population): { parameters: Place[]; state: Place[] } {
  const { arenas, options } = population;
  const { segments, size, slots } = arenas;
  const parameters: Place[] = [];
  const state: Place[] = [];
  options.runs.forEach((_, run) => {
    const at = population.placeOf(run) * size;
    for (const segment of segments) {
      parameters.push({ name: `run${run}/${segment.name}`, segment, start: at });
      for (let slot = 0; slot < slots; slot++) {
        state.push({
          name: `run${run}/state${slot}/${segment.name}`,
          segment,
          start: slot * options.runs.length * size + at,
        });
      }
    }
  });
  return { parameters, state };
}

export function sectionsOf(population: Population, snapshot: Snapshot): Section[] {
  const { parameters, state } = places(population);
  const from =
    (data: Float32Array) =>
    ({ name, segment, start }: Place): Section => ({
      name,
      shape: segment.shape,
      data: logical(segment, data, start),
    });
  const { reduced } = snapshot;
  const kept = reduced ? [{ name: "reduced", shape: [reduced.length], data: reduced }] : [];
  return [...parameters.map(from(snapshot.parameters)), ...state.map(from(snapshot.state)), ...kept];
}

function spread(data: Float32Array, { segment, start, name }: Place, section: Float32Array): void {
  const { rows, cols, pitch, offset, shape } = segment;
  if (section.length !== elements(shape))
    fail("checkpoint", `${name} has ${section.length} numbers, expected ${elements(shape)}`);
  for (let i = 0; i < rows; i++) data.set(section.subarray(i * cols, (i + 1) * cols), start + offset + i * pitch);
}

/** Writes run 0's parameters, by name and logical; every one is checked before any is written. */
export async function writeParameters(population: Population, given: ReadonlyMap<string, Float32Array>): Promise<void> {
  const { segments, size } = population.arenas;
  const all = (await population.storage.read("parameters")) as Float32Array;
  const start = population.placeOf(0) * size;
  const other = [...given.keys()].find((name) => !segments.some((segment) => segment.name === name));
  if (other !== undefined) fail("begin", `the model has no parameter ${other}`);
  for (const segment of segments) {
    const { name } = segment;
    const data = given.get(name) ?? fail("begin", `there is no ${name}`, "give every parameter");
    const bad = data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) fail("begin", `${name} has ${data[bad]} at ${bad}, expected finite numbers`);
    spread(all, { name, segment, start }, data);
  }
  population.storage.write("parameters", all);
}

/** Before the names of the sections of a validated training's best step. */
export const BEST = "best/";

/** The data's scaling, one number a feature: what a model sees is x * scale + shift. */
export const SCALE = "data/scale";
export const SHIFT = "data/shift";

/** A checkpoint's sections as they lie in the arenas; `under` comes before their names. Throws for sections of another model. */
export function arenasOf(population: Population, checkpoint: Checkpoint, under = ""): Omit<Snapshot, "step" | "heard"> {
  const { arenas, options } = population;
  const runs = options.runs.length;
  const parameters = new Float32Array(runs * arenas.size);
  const state = new Float32Array(Math.max(arenas.slots, 1) * runs * arenas.size);
  const at = places(population);
  const named = (name: string): Float32Array => sectionNamed(checkpoint, `${under}${name}`);
  for (const place of at.parameters) spread(parameters, place, named(place.name));
  for (const place of at.state) spread(state, place, named(place.name));
  const kept = population.keeps ? { reduced: named("reduced") } : {};
  return { parameters, state, latch: new Uint32Array(runs).fill(CLEAR), ...kept };
}

/** Puts a checkpoint's sections into the arenas; every one is checked before any is written. */
export function restoreSections(population: Population, checkpoint: Checkpoint): void {
  const { step, heard = [] } = checkpoint;
  population.restore({ step, ...arenasOf(population, checkpoint), heard });
}
