// Schedules as specs: a constant factor times a shape that depends on the step alone, so runs with other factors share it.
// The kinds themselves stand in schedules/.
import { checkNumber, fail } from "../core/check.ts";

/** Plain data: a kind and its numbers. `value` is what the shape is multiplied by. */
export interface Schedule {
  readonly kind: string;
  readonly value: number;
  readonly [option: string]: unknown;
}

/** A number, a schedule, or a function of the step (sampled before training). */
export type Scheduled = number | Schedule;

/** What follows one run's losses and changes its own copy of a schedule by them, at fixed steps. */
export interface Listener {
  /** The run's copy: its shape grows as losses are told. */
  readonly spec: Schedule;
  /** The loss of the next step, from 0 on, one call a step. */
  readonly tell: (loss: number) => void;
  /** Steps below it are settled: nothing that is told later changes their values. */
  readonly horizon: () => number;
  /** What it has heard, as plain data, and the way back to it. */
  readonly state: () => ListenerState;
  readonly restore: (state: ListenerState) => void;
}

export type ListenerState = Readonly<Record<string, unknown>>;

export interface ScheduleKind<Spec extends Schedule = Schedule> {
  readonly kind: string;
  /** The multiplier of `value` at step t = 0, 1, ... */
  readonly shape: (spec: Spec, t: number) => number;
  /** What the shape depends on, `value` left out: equal keys share a series. */
  readonly key: (spec: Spec) => unknown;
  /** For a kind that depends on the losses: a listener for one run, numbered so that no two runs share a series. */
  readonly listen?: (spec: Spec, run: number) => Listener;
}

export const schedules = new Map<string, ScheduleKind>();

export const defineSchedule = <Spec extends Schedule>(kind: ScheduleKind<Spec>): void => {
  schedules.set(kind.kind, kind as unknown as ScheduleKind);
};

export const isSchedule = (value: unknown): value is Schedule =>
  typeof value === "object" && value !== null && typeof (value as Schedule).kind === "string";

export const scheduleKind = ({ kind }: Schedule): ScheduleKind =>
  schedules.get(kind) ?? fail(`schedule ${kind}`, "is not known", `known: ${[...schedules.keys()].join(", ")}`);

export const shapeAt = (spec: Schedule, t: number): number => scheduleKind(spec).shape(spec, t);
export const shapeKey = (spec: Schedule): string => `${spec.kind} ${JSON.stringify(scheduleKind(spec).key(spec))}`;

/** The value of a hyperparameter at step t = 0, 1, ...: f64. */
export const valueAt = (value: Scheduled, t: number): number =>
  isSchedule(value) ? value.value * shapeAt(value, t) : value;

/** The same value at every step: what a plain number means, as a schedule. */
export const constantSchedule = (value: number): Schedule => ({
  kind: "constant",
  value: checkNumber("constant", "value", value),
});

defineSchedule({ kind: "constant", key: () => 1, shape: () => 1 });

/** A plain function of the step t = 0, 1, ..., steps - 1, sampled: the values are what is hashed, sent and saved. */
export function sampled(of: (t: number) => number, steps: number): Schedule {
  const values = Array.from({ length: steps }, (_, t) => of(t));
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) fail("schedule", `the function gives ${values[bad]} at step ${bad}, expected a finite number`);
  return { kind: "sampled", value: 1, values };
}

defineSchedule<Schedule & { readonly values: readonly number[] }>({
  kind: "sampled",
  key: ({ values }) => values,
  shape: ({ values }, t) => values[Math.min(t, values.length - 1)] as number,
});
