// The data sets the command knows by name, and what they look like before Chrome is there.
import { checkKeys, fail, nearest } from "../core/check.ts";
import type { DataFile } from "./own_data.ts";
import { blobs, circles, type Dataset, digits, linearData, moons, sine, spirals, teacher, xor } from "../data/index.ts";

/** Plain data: a set's name and its options, e.g. { name: "spirals", options: { classes: 3 } }, or a user's own files. */
export interface DataSpec {
  readonly name: string;
  readonly files?: readonly DataFile[];
  readonly options: Readonly<Record<string, unknown>>;
}

const MADE_UP: Readonly<Record<string, (options: object) => Dataset>> = {
  ...{ spirals, moons, circles, blobs, xor, sine, linear: linearData, teacher },
};

/** Every name, digits first. */
export const dataNames: readonly string[] = ["digits", ...Object.keys(MADE_UP)];

export function checkDataName(name: string): void {
  if (dataNames.includes(name)) return;
  const meant = nearest(name, dataNames);
  fail("data", `"${name}" is not known`, meant ? `did you mean "${meant}"?` : `known are ${dataNames.join(", ")}`);
}

/** The set itself. `source` is where the digits lie: a URL, or the file's bytes. */
export async function makeData({ name, options }: DataSpec, source?: string | Uint8Array): Promise<Dataset> {
  checkDataName(name);
  if (name === "digits") return digits({ ...options, ...(source === undefined ? {} : { source }) });
  return (MADE_UP[name] as (options: object) => Dataset)(options);
}

export interface DataShape {
  readonly features: number;
  readonly outputs: number;
  readonly labels: boolean;
  readonly train: number;
  /** Of pixels, as digits' are. */
  readonly bytes: boolean;
}

/** What a model must fit, without loading the digits; throws for options the set does not take. */
export async function dataShape(spec: DataSpec): Promise<DataShape> {
  if (spec.name === "digits") {
    checkKeys("digits", spec.options, ["size", "seed"]);
    const { size = 28 } = spec.options;
    if (size !== 28 && size !== 14) fail("digits", `size is ${String(size)}, expected 28 or 14`);
    return { features: size * size, outputs: 10, labels: true, train: 7000, bytes: true };
  }
  return shapeOf(await makeData(spec));
}

export const shapeOf = ({ features, outputs, classes, splits, x }: Dataset): DataShape => ({
  ...{ features, outputs, labels: classes !== undefined, train: splits.train.count, bytes: x instanceof Uint8Array },
});
