// How many steps a submit takes in the worker; no number depends on it.
import type { Backend } from "../../backend/backend.ts";
import type { Job } from "./protocol.ts";

/** Multiply-adds of a step's forward pass above which a slow adapter gets short submits, so that a pause is felt soon. */
const HEAVY = 2 ** 21;

export function stepsPerSubmit({ kind, adapter }: Backend, { model, batch }: Job, features: number): number {
  if (kind === "cpu") return 1;
  const widths = [features, ...model.flatMap(({ width }) => (typeof width === "number" ? [width] : []))];
  const work = widths.reduce((sum, width, i) => sum + width * (widths[i + 1] ?? 0), 0) * batch;
  return adapter.software && work > HEAVY ? 4 : 16;
}
