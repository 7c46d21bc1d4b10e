// Functions of the plane that optimizers are sent down: value, gradient, where to look, where the minimum is.
import { normal, streams } from "../../core/random.ts";

export interface Landscape {
  readonly label: string;
  readonly formula: string;
  /** What is to be seen here, in two sentences. */
  readonly words: string;
  readonly value: (x: number, y: number) => number;
  readonly gradient: (x: number, y: number) => readonly [number, number];
  /** What is drawn: left, right, bottom, top. */
  readonly view: readonly [number, number, number, number];
  readonly start: readonly [number, number];
  /** The least value, from which heights are drawn on a log scale; undefined where there is none. */
  readonly minimum?: { readonly at: readonly [number, number]; readonly value: number };
  /** Learning rates that suit it, for plain descent, with momentum, and for rules whose steps have the length of their lr. */
  readonly rates: { readonly plain: number; readonly momentum: number; readonly scaled: number };
}

/** The ravine's curvature across it; along it is 1. */
const STEEP = 50;

export const landscapes = {
  rosenbrock: {
    label: "Rosenbrock",
    formula: "(1 - x)^2 + 100 (y - x^2)^2",
    words: "A curved valley with a nearly flat floor: into it is easy, along it is slow. (Rosenbrock 1960)",
    value: (x, y) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    gradient: (x, y) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
    view: [-2, 2, -1, 3],
    start: [-1.2, 1],
    minimum: { at: [1, 1], value: 0 },
    rates: { plain: 0.001, momentum: 0.0005, scaled: 0.05 },
  },
  beale: {
    label: "Beale",
    formula: "(1.5 - x + x y)^2 + (2.25 - x + x y^2)^2 + (2.625 - x + x y^3)^2",
    words:
      "Flat in the middle, steep walls in the corners: one learning rate is too long for the walls or too short for the floor. (Beale 1958)",
    value: (x, y) => (1.5 - x + x * y) ** 2 + (2.25 - x + x * y * y) ** 2 + (2.625 - x + x * y ** 3) ** 2,
    gradient: (x, y) => {
      const [a, b, c] = [1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y ** 3];
      return [
        2 * a * (y - 1) + 2 * b * (y * y - 1) + 2 * c * (y ** 3 - 1),
        2 * a * x + 4 * b * x * y + 6 * c * x * y * y,
      ];
    },
    view: [-4.5, 4.5, -4.5, 4.5],
    start: [1, 1.5],
    minimum: { at: [3, 0.5], value: 0 },
    rates: { plain: 0.01, momentum: 0.003, scaled: 0.05 },
  },
  ravine: {
    label: "Ravine",
    formula: `(x^2 + ${STEEP} y^2) / 2`,
    words: `A long valley, ${STEEP} times steeper across than along: plain descent zigzags, momentum averages the zigzag away.`,
    value: (x, y) => (x * x + STEEP * y * y) / 2,
    gradient: (x, y) => [x, STEEP * y],
    view: [-5, 5, -1.6, 1.6],
    start: [-4.5, 1],
    minimum: { at: [0, 0], value: 0 },
    rates: { plain: 0.035, momentum: 0.02, scaled: 0.1 },
  },
  saddle: {
    label: "Saddle",
    formula: "x^2 - y^2 + y^4 / 4",
    words:
      "The start lies almost on the ridge: descent is drawn to the saddle and lingers, where rules that scale each direction leave at once.",
    value: (x, y) => x * x - y * y + y ** 4 / 4,
    gradient: (x, y) => [2 * x, -2 * y + y ** 3],
    view: [-2.2, 2.2, -2.2, 2.2],
    start: [-1.8, 0.01],
    minimum: { at: [0, Math.SQRT2], value: -1 },
    rates: { plain: 0.05, momentum: 0.02, scaled: 0.05 },
  },
} as const satisfies Record<string, Landscape>;

export type LandscapeName = keyof typeof landscapes;
export const landscapeNames = Object.keys(landscapes) as LandscapeName[];

/** The gradient with normal noise of this standard deviation: a function of (seed, step), the same for every optimizer. */
export function noisy(
  name: LandscapeName,
  noise: number,
  seed: number,
): (x: number, y: number, step: number) => readonly [number, number] {
  const { gradient } = landscapes[name];
  if (noise === 0) return gradient;
  return (x, y, step) => {
    const [dx, dy] = gradient(x, y);
    return [dx + noise * normal(seed, streams.noise, step, 0), dy + noise * normal(seed, streams.noise, step, 1)];
  };
}
