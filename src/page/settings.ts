// What a person may set, with limits and defaults, and the address's hash that holds it. Read field by field, never merged.
import { nearest } from "../core/check.ts";
import type { DataSpec } from "../worker/protocol.ts";

export const dataNames = ["spirals", "moons", "circles", "blobs", "xor", "digits"] as const;
export type DataName = (typeof dataNames)[number] & DataSpec["kind"];

export const optimizerNames = ["sgd", "momentum", "adam", "adamw"] as const;
export type OptimizerName = (typeof optimizerNames)[number];

export interface Settings {
  readonly data: DataName;
  readonly optimizer: OptimizerName;
  readonly lr: number;
  readonly batch: number;
  /** Units of each hidden layer. */
  readonly width: number;
  readonly steps: number;
  readonly seed: number;
}

export type NumberName = "lr" | "batch" | "width" | "steps" | "seed";

interface Limits {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

export const limits: Readonly<Record<NumberName, Limits>> = {
  lr: { label: "Learning rate", min: 1e-6, max: 1e6, whole: false },
  batch: { label: "Batch", min: 1, max: 800, whole: true },
  width: { label: "Hidden width", min: 1, max: 1024, whole: true },
  steps: { label: "Steps", min: 1, max: 100_000, whole: true },
  seed: { label: "Seed", min: 0, max: 2 ** 32 - 1, whole: true },
};

export const numberNames = Object.keys(limits) as NumberName[];

const RATES: Readonly<Record<OptimizerName, number>> = { sgd: 0.5, momentum: 0.1, adam: 0.01, adamw: 0.01 };

/** Good settings for a data set and an optimizer; `small` is what a CPU can do in seconds. */
export function defaults(data: DataName, optimizer: OptimizerName, small: boolean): Settings {
  const common = { data, optimizer, seed: 1 };
  if (data === "digits") {
    const lr = optimizer === "sgd" ? 0.2 : optimizer === "momentum" ? 0.05 : 0.003;
    return { ...common, lr, batch: small ? 32 : 128, width: small ? 32 : 64, steps: 440 };
  }
  return { ...common, lr: RATES[optimizer], batch: 32, width: 32, steps: data === "spirals" ? 1500 : 500 };
}

/** A number as people write it in a field: 0.01, 3e-4, 1500, 1e6. */
export function writeNumber(value: number): string {
  const plain = String(value);
  const powers = value.toExponential().replace("e+", "e");
  return (value < 1e-3 || value >= 1e6) && powers.length < plain.length ? powers : plain;
}

/** A number as it is written in a field, or words on what is wrong with it. */
export function readNumber(name: NumberName, text: string): number | string {
  const { label, min, max, whole } = limits[name];
  const value = Number(text.trim().replace(",", "."));
  const fits = text.trim() !== "" && Number.isFinite(value) && value >= min && value <= max;
  if (fits && (!whole || Number.isInteger(value))) return value;
  return `${label}: expected ${whole ? "a whole number" : "a number"} from ${writeNumber(min)} to ${writeNumber(max)}`;
}

/** The hash of settings: the version, data, optimizer, and what is not the default for them on a GPU. */
export function writeHash(settings: Settings): string {
  const usual = defaults(settings.data, settings.optimizer, false);
  const parts = new URLSearchParams({ v: "1", data: settings.data, optimizer: settings.optimizer });
  for (const name of numberNames) {
    if (settings[name] !== usual[name]) parts.set(name, writeNumber(settings[name]));
  }
  return `#${parts.toString()}`;
}

const oneOf = <T extends string>(names: readonly T[], text: string): T | undefined =>
  names.find((name) => name === text);

/** Settings from a hash; what is unknown or out of limits becomes the default and is told in words. `small` is for no hash. */
export function readHash(hash: string, small: boolean): { settings: Settings; notes: string[] } {
  const notes: string[] = [];
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const choose = <T extends string>(key: string, names: readonly T[], fallback: T): T => {
    const text = given.get(key);
    const found = text === null ? fallback : oneOf(names, text);
    if (found === undefined) notes.push(`${key} "${(text ?? "").slice(0, 40)}" is unknown, ${fallback} is used`);
    return found ?? fallback;
  };
  const version = given.get("v");
  if (version !== null && version !== "1") notes.push("it was made by another version of this page");
  const data = choose("data", dataNames, "spirals");
  const optimizer = choose("optimizer", optimizerNames, "adam");
  const settings: { -readonly [K in keyof Settings]: Settings[K] } = {
    ...defaults(data, optimizer, small && given.size === 0),
  };
  for (const name of numberNames) {
    const text = given.get(name);
    if (text === null) continue;
    const value = readNumber(name, text);
    if (typeof value === "number") settings[name] = value;
    else notes.push(`${value}; ${settings[name]} is used`);
  }
  const known = ["v", "data", "optimizer", ...numberNames];
  for (const key of new Set(given.keys())) {
    if (known.includes(key)) continue;
    const meant = nearest(key, known);
    notes.push(`"${key.slice(0, 40)}" is no setting${meant ? ` (meant: ${meant}?)` : ""}`);
  }
  return { settings, notes: notes.slice(0, 5) };
}

/** The numbers a person has not touched follow the defaults of a newly chosen data set or optimizer. */
export function changeKind(
  settings: Settings,
  kind: Partial<Pick<Settings, "data" | "optimizer">>,
  small: boolean,
): Settings {
  const before = defaults(settings.data, settings.optimizer, small);
  const next: { -readonly [K in keyof Settings]: Settings[K] } = { ...settings, ...kind };
  const after = defaults(next.data, next.optimizer, small);
  for (const name of numberNames) if (settings[name] === before[name]) next[name] = after[name];
  return next;
}
