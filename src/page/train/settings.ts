// What a person may set for a training, with limits and defaults.
import type { Layer } from "../../nn/index.ts";
import { losses } from "../../nn/index.ts";
import type { Limits } from "./numbers.ts";
import { type OptimizerChoice, plainChoice, usualRate } from "./optimizers.ts";
import type { ScheduleChoice } from "./schedules.ts";
import { OWN } from "./sets.ts";

export interface Settings {
  /** A set's name, or "own". */
  readonly data: string;
  /** What differs from the set's defaults. */
  readonly dataOptions: Readonly<Record<string, number>>;
  /** Without the last one, which has the width of the data's classes or targets. */
  readonly hidden: readonly Layer[];
  readonly loss: string;
  readonly optimizer: OptimizerChoice;
  readonly lr: number;
  readonly schedule: ScheduleChoice;
  readonly batch: number;
  readonly steps: number;
  readonly seed: number;
}

export const limits = {
  lr: { label: "Learning rate", min: 1e-7, max: 1e4 },
  batch: { label: "Batch", min: 1, max: 8192, whole: true },
  steps: { label: "Steps", min: 1, max: 100_000, whole: true },
  seed: { label: "Seed", min: 0, max: 2 ** 32 - 1, whole: true },
  warmup: { label: "Warm-up (steps)", min: 0, max: 100_000, whole: true },
  clip: { label: "Clip the gradients' norm at (0: off)", min: 0, max: 1e6 },
  width: { label: "Width", min: 1, max: 2048, whole: true },
  tweak: { label: "Value", min: -1e6, max: 1e6 },
} as const satisfies Record<string, Limits>;

/** Layers in all, those within others counted. */
export const MOST_LAYERS = 24;

/** Losses that fit labels, or targets. */
export const lossNames = (against: "labels" | "targets"): string[] =>
  [...losses.values()].filter((kind) => kind.against === against).map(({ kind }) => kind);

export const isRegression = (data: string): boolean => data === "sine";

const wide = (width: number): Layer => ({ kind: "linear", width });

function usualHidden(data: string, small: boolean): readonly Layer[] {
  if (data === "digits") return [wide(small ? 32 : 64), { kind: "relu" }];
  if (data === OWN) return [wide(32), { kind: "relu" }];
  return [wide(32), { kind: "tanh" }, wide(32), { kind: "tanh" }];
}

function usualLr(data: string, optimizer: string): number {
  const rate = usualRate(optimizer);
  return data === "digits" && rate === 0.01 ? 0.003 : data === "sine" && optimizer === "sgd" ? 0.1 : rate;
}

/** Good settings for a data set and an optimizer; `small` is what a CPU can do in seconds. */
export function defaults(data: string, optimizer: string, small: boolean): Settings {
  const digits = data === "digits";
  return {
    data,
    dataOptions: digits && small ? { size: 14 } : {},
    hidden: usualHidden(data, small),
    loss: isRegression(data) ? "meanSquaredError" : "crossEntropy",
    optimizer: plainChoice(optimizer),
    lr: usualLr(data, optimizer),
    schedule: { kind: "constant", options: {}, warmup: 0 },
    batch: digits && !small ? 128 : 32,
    steps: digits ? 440 : data === "spirals" ? 1500 : 500,
    seed: 1,
  };
}

/** What a person has not touched follows the defaults of a newly chosen data set or optimizer. */
export function changeKind(settings: Settings, kind: { data?: string; optimizer?: string }, small: boolean): Settings {
  const { data = settings.data, optimizer = settings.optimizer.name } = kind;
  const before = defaults(settings.data, settings.optimizer.name, small);
  const after = defaults(data, optimizer, small);
  const same = (name: keyof Settings): boolean => JSON.stringify(settings[name]) === JSON.stringify(before[name]);
  const kept = Object.fromEntries(
    (Object.keys(after) as (keyof Settings)[]).map((name) => [name, same(name) ? after[name] : settings[name]]),
  );
  const next = { ...after, ...(kept as unknown as Settings), data };
  return {
    ...next,
    ...(data === settings.data ? {} : { dataOptions: after.dataOptions, loss: after.loss }),
    optimizer:
      optimizer === settings.optimizer.name
        ? settings.optimizer
        : { ...after.optimizer, clip: settings.optimizer.clip },
  };
}
