// The data sets a person may choose, by the command's names, with their options and limits.
import type { Limits } from "./numbers.ts";

export interface Field extends Limits {
  readonly value: number;
  /** Where only some numbers make sense. */
  readonly choices?: readonly number[];
}

export interface SetKind {
  readonly label: string;
  readonly fields: Readonly<Record<string, Field>>;
}

const count: Field = { label: "Points", min: 20, max: 20_000, whole: true, value: 1000 };
const seed: Field = { label: "Data seed", min: 0, max: 2 ** 32 - 1, whole: true, value: 0 };
const noise = (value: number): Field => ({ label: "Noise", min: 0, max: 2, value });
const classes = (value: number): Field => ({ label: "Classes", min: 2, max: 6, whole: true, value });

export const sets: Readonly<Record<string, SetKind>> = {
  spirals: {
    label: "Spirals",
    fields: {
      count,
      noise: noise(0.02),
      classes: classes(2),
      turns: { label: "Turns", min: 0, max: 3, value: 1 },
      seed,
    },
  },
  moons: { label: "Moons", fields: { count, noise: noise(0.1), seed } },
  circles: {
    label: "Circles",
    fields: { count, noise: noise(0.1), factor: { label: "Inner radius", min: 0.01, max: 0.99, value: 0.5 }, seed },
  },
  blobs: { label: "Blobs", fields: { count, noise: noise(0.2), classes: classes(3), seed } },
  xor: { label: "Xor", fields: { count, noise: noise(0.2), seed } },
  sine: {
    label: "Sine (regression)",
    fields: { count, noise: noise(0.1), periods: { label: "Periods", min: 0.1, max: 8, value: 1 }, seed },
  },
  digits: {
    label: "Digits (MNIST)",
    fields: { size: { label: "Pixels a side", min: 14, max: 28, whole: true, value: 28, choices: [28, 14] } },
  },
};

/** The name of a person's own data. */
export const OWN = "own";
export const setNames: readonly string[] = Object.keys(sets);
