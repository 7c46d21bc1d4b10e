// Colours and dashes of series: Okabe & Ito's eight as style.css has them for light and dark, and never colour alone.

/** Names of custom properties of style.css; every eighth is the same colour with another dash. */
export const seriesColour = (index: number): string => `--series${index % 8}`;

const DASHES: readonly (readonly number[])[] = [
  [],
  [8, 4],
  [2, 3],
  [8, 3, 2, 3],
  [14, 5],
  [5, 2],
  [2, 6],
  [12, 3, 3, 3],
];

/** Line segments and gaps in CSS pixels; empty is a solid line. Neighbours in colour differ in dash. */
export const seriesDash = (index: number): readonly number[] =>
  DASHES[(index + Math.floor(index / 8)) % DASHES.length] ?? [];
