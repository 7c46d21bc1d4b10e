// Trails as a file.
import { csvRows } from "../../report/csv.ts";
import type { Trail } from "../lab/protocol.ts";
import type { LandscapeSettings } from "./settings.ts";

/** `optimizer,lr,step,x,y,value`: a row for each optimizer and step. */
export function trailsCsv({ walkers }: LandscapeSettings, trails: readonly Trail[]): string {
  const rows = trails.flatMap(({ positions, values }, i) =>
    Array.from(values, (value, step) => [
      ...[walkers[i]?.name, walkers[i]?.lr, step],
      ...[positions[2 * step], positions[2 * step + 1], value],
    ]),
  );
  return csvRows([["optimizer", "lr", "step", "x", "y", "value"], ...rows]);
}
