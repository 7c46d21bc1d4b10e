// The numbers a chain's kernels read: hyperparameters and what is derived of them, constant or by step.
import type { Clock, Link } from "./chain.ts";
import { type Rule, reducedFields, ruleNamed, type Values } from "./rule.ts";
import { isSchedule, type Scheduled, shapeAt, shapeKey } from "./schedule.ts";

/** The update a link counts at step t = 1, 2, ..., and whether it plays then. */
export function clocked({ every = 1, restart = 0 }: Clock, t: number): { t: number; plays: boolean; anew: boolean } {
  const n = Math.ceil(t / every);
  const plays = t % every === 0;
  return restart ? { t: ((n - 1) % restart) + 1, plays, anew: (n - 1) % restart === 0 } : { t: n, plays, anew: false };
}

/** A number a kernel reads: a constant, or a factor times a series of the step that equal keys share. */
export interface Scalar {
  readonly factor: number;
  readonly key?: string;
  readonly at?: (t: number) => number;
}

/** Hyperparameters rounded to f32 once; at step t a scheduled one is the product of two f32 numbers. */
function valuesAt(options: Link["options"], t: number): Values {
  const entries = Object.entries(options).map(([name, value]) => {
    if (!isSchedule(value)) return [name, Math.fround(value)];
    return [name, Math.fround(Math.fround(value.value) * Math.fround(shapeAt(value, t)))];
  });
  return Object.fromEntries(entries) as Values;
}

/** The scalars of a link, one for each field of its rule's struct that neither a reduction nor the tensor gives. */
export function scalarsOf({ rule: name, options, clock }: Link): Scalar[] {
  const rule = ruleNamed(name);
  const scheduled = Object.values(options).some(isSchedule);
  const first = rule.fields(valuesAt(options, 0), 1);
  // A link's own time: its steps are numbered from 1 where it plays and begins.
  const timed = (of: (t: number) => number) => (clock ? (t: number) => of(clocked(clock, t + 1).t - 1) : of);
  const when = clock ? JSON.stringify(clock) : "";
  return scalarFields(rule).map((field): Scalar => {
    const direct = Object.entries(options).find(
      ([, value]) => isSchedule(value) && isDirect(rule, field, options, value),
    );
    if (direct && isSchedule(direct[1])) {
      const spec = direct[1];
      return { factor: Math.fround(spec.value), key: shapeKey(spec) + when, at: timed((t) => shapeAt(spec, t)) };
    }
    if (!rule.varies?.includes(field) && !(scheduled && dependsOnSchedule(rule, field, options))) {
      return { factor: Math.fround(first[field] as number) };
    }
    const key = `${name}.${field} ${JSON.stringify(options)}${when}`;
    return { factor: 1, key, at: timed((t) => rule.fields(valuesAt(options, t), t + 1)[field] as number) };
  });
}

/** The fields of a rule's struct that the host computes, in order. */
export const scalarFields = (rule: Rule): string[] =>
  rule.fieldNames.filter(
    (field) =>
      !reducedFields(rule).includes(field) &&
      !(rule.matrix && field === "matrix") &&
      !(rule.draws && field === "noise"),
  );

/** Probes of a field: what it becomes when only the scheduled hyperparameters change. */
function probe(rule: Rule, field: string, options: Link["options"], scale: number): number {
  const values: Record<string, number> = {};
  for (const [name, value] of Object.entries(options)) {
    values[name] = isSchedule(value) ? value.value * scale : value;
  }
  return rule.fields(values, 2)[field] as number;
}

const dependsOnSchedule = (rule: Rule, field: string, options: Link["options"]): boolean =>
  probe(rule, field, options, 0.5) !== probe(rule, field, options, 0.25);

/** Whether a field is one scheduled hyperparameter itself (lr), so that runs with other factors share its series. */
function isDirect(rule: Rule, field: string, options: Link["options"], value: Scheduled): boolean {
  const scheduled = Object.values(options).filter(isSchedule);
  if (rule.varies?.includes(field) || scheduled.length !== 1 || scheduled[0] !== value) return false;
  return [1, 0.5, 0.375].every((scale) => probe(rule, field, options, scale) === scheduled[0]!.value * scale);
}
