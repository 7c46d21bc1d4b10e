// The schedules a person may choose for the learning rate, with their options and limits.
import {
  cosine,
  cosineRestarts,
  exponentialDecay,
  inverseSqrt,
  linearDecay,
  oneCycle,
  plateau,
  polynomialDecay,
  rex,
  type Schedule,
  type Scheduled,
  stepDecay,
  warmup,
  wsd,
} from "../../optim/index.ts";
import type { Limits } from "./numbers.ts";

interface ScheduleField extends Limits {
  /** The default for a training of so many steps. */
  readonly value: (steps: number) => number;
}

type Numbers = Readonly<Record<string, number>>;

interface ScheduleForm {
  readonly label: string;
  readonly fields: Readonly<Record<string, ScheduleField>>;
  /** `n` holds every field. */
  readonly make: (lr: number, steps: number, n: Numbers) => Scheduled;
}

const share = (label: string, value: number): ScheduleField => ({ label, min: 0, max: 1, value: () => value });
const length = (label: string, part: number): ScheduleField => ({
  ...{ label, min: 1, max: 100_000, whole: true },
  value: (steps) => Math.max(1, Math.round(steps * part)),
});
const end = share("Ends at this share", 0);

export const scheduleForms: Readonly<Record<string, ScheduleForm>> = {
  constant: { label: "Constant", fields: {}, make: (lr) => lr },
  cosine: {
    label: "Cosine",
    fields: { end },
    make: (lr, steps, n) => cosine(lr, steps, { to: lr * (n.end as number) }),
  },
  linear: {
    label: "Linear",
    fields: { end },
    make: (lr, steps, n) => linearDecay(lr, steps, { to: lr * (n.end as number) }),
  },
  polynomial: {
    label: "Polynomial",
    fields: { power: { label: "Power", min: 0.1, max: 10, value: () => 2 }, end },
    make: (lr, steps, n) => polynomialDecay(lr, steps, { power: n.power as number, to: lr * (n.end as number) }),
  },
  rex: { label: "REX", fields: {}, make: (lr, steps) => rex(lr, steps) },
  step: {
    label: "Steps",
    fields: { every: length("Falls every (steps)", 1 / 3), factor: share("Factor", 0.3) },
    make: (lr, _, n) => stepDecay(lr, n.every as number, { gamma: n.factor as number }),
  },
  exponential: {
    label: "Exponential",
    fields: { end: { ...share("Ends at this share", 0.01), min: 1e-9 } },
    make: (lr, steps, n) => exponentialDecay(lr, (n.end as number) ** (1 / steps)),
  },
  wsd: {
    label: "Warm-up, stable, decay",
    fields: { decay: length("Decay (steps)", 0.2) },
    make: (lr, steps, n) => wsd(lr, steps, { decay: Math.min(n.decay as number, steps) }),
  },
  oneCycle: {
    label: "One cycle",
    fields: { rise: { ...share("Rises for this share", 0.3), min: 0.01, max: 0.99 } },
    make: (lr, steps, n) => oneCycle(lr, steps, { pctStart: n.rise as number }),
  },
  restarts: {
    label: "Cosine, restarts",
    fields: {
      period: length("First period (steps)", 0.25),
      growth: { label: "Growth", min: 1, max: 8, whole: true, value: () => 1 },
    },
    make: (lr, _, n) => cosineRestarts(lr, n.period as number, { mult: n.growth as number }),
  },
  inverseSqrt: {
    label: "Inverse square root",
    fields: { peak: length("Peak at step", 0.05) },
    make: (lr, _, n) => inverseSqrt(lr, n.peak as number),
  },
  plateau: {
    label: "On a plateau",
    fields: {
      factor: { ...share("Factor", 0.3), max: 0.99 },
      patience: { label: "Patience (means of 50)", min: 0, max: 1000, whole: true, value: () => 3 },
    },
    make: (lr, _, n) => plateau(lr, { factor: n.factor as number, patience: n.patience as number, every: 50 }),
  },
};

export const scheduleNames: readonly string[] = Object.keys(scheduleForms);

export interface ScheduleChoice {
  readonly kind: string;
  /** What differs from the defaults. */
  readonly options: Numbers;
  /** Steps of a straight warm-up before it; 0 is none. */
  readonly warmup: number;
}

const formOf = (kind: string): ScheduleForm => scheduleForms[kind] ?? (scheduleForms.constant as ScheduleForm);

/** Every field of a choice. */
export const scheduleValues = ({ kind, options }: ScheduleChoice, steps: number): Numbers =>
  Object.fromEntries(
    Object.entries(formOf(kind).fields).map(([name, { value }]) => [name, options[name] ?? value(steps)]),
  );

/** The learning rate of a choice, a number or a schedule. Throws in words for what cannot be. */
export function makeSchedule(choice: ScheduleChoice, lr: number, steps: number): Scheduled {
  const rest = Math.max(1, steps - choice.warmup);
  const made = formOf(choice.kind).make(lr, rest, scheduleValues(choice, steps));
  if (choice.warmup === 0) return made;
  // From one step's share rather than from 0, so that the first step already moves.
  return warmup(made as Schedule, choice.warmup, { from: lr / choice.warmup });
}
