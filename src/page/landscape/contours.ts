// A landscape as contours: levels evenly spaced on a log scale above the minimum, as paths in the unit square.
import { contours } from "d3-contour";
import { type Landscape, type LandscapeName, landscapes } from "./functions.ts";

/** Points a side of the grid that contours are drawn through. */
const GRID = 160;
const LEVELS = 16;

export interface Level {
  /** 0 at the lowest level, 1 at the highest. */
  readonly height: number;
  readonly value: number;
  /** Rings of x and y in [0, 1], from the left and from the top. */
  readonly rings: readonly (readonly (readonly [number, number])[])[];
}

/** Heights that are drawn: the value itself, or its distance from the minimum on a log scale. */
const heightOf = ({ minimum }: Landscape, spread: number): ((value: number) => number) =>
  minimum ? (value) => Math.log10(value - minimum.value + spread) : (value) => value;

const cache = new Map<LandscapeName, readonly Level[]>();

/** The level lines of a landscape over its view. */
export function levelsOf(name: LandscapeName): readonly Level[] {
  const known = cache.get(name);
  if (known) return known;
  const of: Landscape = landscapes[name];
  const [left, right, bottom, top] = of.view;
  const values = Float64Array.from({ length: GRID * GRID }, (_, i) => {
    const [column, row] = [i % GRID, Math.floor(i / GRID)];
    return of.value(left + ((column + 0.5) / GRID) * (right - left), top - ((row + 0.5) / GRID) * (top - bottom));
  });
  const highest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const least = of.minimum?.value ?? values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const height = heightOf(of, (highest - least) * 1e-5);
  const heights = Array.from(values, height);
  const [low, high] = heights.reduce(([a, b], at) => [Math.min(a, at), Math.max(b, at)], [Infinity, -Infinity]);
  const thresholds = Array.from({ length: LEVELS }, (_, k) => low + ((k + 1) / (LEVELS + 1)) * (high - low));
  const made = contours().size([GRID, GRID]).thresholds(thresholds)(heights);
  const levels = made.map(
    ({ value, coordinates }, k): Level => ({
      height: k / (LEVELS - 1),
      value: of.minimum ? 10 ** value + of.minimum.value - (highest - least) * 1e-5 : value,
      rings: coordinates.flatMap((polygon) =>
        polygon.map((ring) => ring.map(([x = 0, y = 0]) => [x / GRID, y / GRID] as const)),
      ),
    }),
  );
  cache.set(name, levels);
  return levels;
}
