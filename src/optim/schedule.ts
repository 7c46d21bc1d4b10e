// Schedules as specs: a constant factor times a shape that depends on the step alone, so runs with other factors share it.
import { checkNumber, fail } from "../core/check.ts";
import { canonical } from "../core/hash.ts";

/** Plain data: a kind and its numbers. `value` is what the shape is multiplied by. */
export interface Schedule {
  readonly kind: string;
  readonly value: number;
  readonly [option: string]: unknown;
}

/** A number, a schedule, or a function of the step (sampled before training). */
export type Scheduled = number | Schedule;

export interface ScheduleKind {
  readonly kind: string;
  /** The multiplier of `value` at step t = 0, 1, ... */
  readonly shape: (spec: Schedule, t: number) => number;
  /** What the shape depends on, `value` left out: equal keys share a series. */
  readonly key: (spec: Schedule) => unknown;
}

export const schedules = new Map<string, ScheduleKind>();

export const defineSchedule = (kind: ScheduleKind): void => {
  schedules.set(kind.kind, kind);
};

export const isSchedule = (value: unknown): value is Schedule =>
  typeof value === "object" && value !== null && typeof (value as Schedule).kind === "string";

const kindOf = (spec: Schedule): ScheduleKind =>
  schedules.get(spec.kind) ??
  fail(`schedule ${spec.kind}`, "is not known", `known: ${[...schedules.keys()].join(", ")}`);

export const shapeAt = (spec: Schedule, t: number): number => kindOf(spec).shape(spec, t);
export const shapeKey = (spec: Schedule): string => `${spec.kind} ${canonical(kindOf(spec).key(spec))}`;

/** The value of a hyperparameter at step t = 0, 1, ...: f64. */
export const valueAt = (value: Scheduled, t: number): number =>
  isSchedule(value) ? value.value * shapeAt(value, t) : value;

/**
 * Cosine annealing (Loshchilov & Hutter 2017): to + (value - to) (1 + cos(pi t / steps)) / 2, and `to` from then on.
 * Steps count from 0; `to` is in the unit of the value.
 */
export function cosine(value: number, steps: number, options: { to?: number } = {}): Schedule {
  const { to = 0 } = options;
  checkNumber("cosine", "value", value);
  checkNumber("cosine", "to", to);
  checkNumber("cosine", "steps", steps, { min: 1 });
  if (value === 0 && to !== 0)
    fail("cosine", `rises from 0 to ${to}, expected a start other than 0`, "a shape is relative to its start");
  return { kind: "cosine", value, steps, to };
}

/** The end as a share of the start; a learning rate of 0, a control, stays 0. */
const ratioOf = ({ to, value }: Schedule): number => (value === 0 ? 0 : (to as number) / value);

defineSchedule({
  kind: "cosine",
  key: (spec) => ({ steps: spec.steps, ratio: ratioOf(spec) }),
  shape(spec, t) {
    const { steps } = spec;
    const ratio = ratioOf(spec);
    return ratio + ((1 - ratio) * (1 + Math.cos((Math.PI * Math.min(t, steps as number)) / (steps as number)))) / 2;
  },
});

/** The same value at every step: what a plain number means, as a schedule. */
export const constantSchedule = (value: number): Schedule => ({ kind: "constant", value });

defineSchedule({ kind: "constant", key: () => 1, shape: () => 1 });

/** A plain function of the step t = 0, 1, ..., steps - 1, sampled: the values are what is hashed, sent and saved. */
export function sampled(of: (t: number) => number, steps: number): Schedule {
  const values = Array.from({ length: steps }, (_, t) => of(t));
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) fail("schedule", `the function gives ${values[bad]} at step ${bad}, expected a finite number`);
  return { kind: "sampled", value: 1, values };
}

defineSchedule({
  kind: "sampled",
  key: ({ values }) => values,
  shape: ({ values }, t) => (values as number[])[Math.min(t, (values as number[]).length - 1)] as number,
});
