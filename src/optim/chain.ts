// A chain: rules in order, as plain data; checked, cut into phases, and turned into the scalars its kernels read.
import { checkKeys, checkNumber, fail } from "../core/check.ts";
import { canonical } from "../core/hash.ts";
import { type Rule, ruleNamed, type Values } from "./rule.ts";
import { isSchedule, type Scheduled, sampled, shapeAt, shapeKey, valueAt } from "./schedule.ts";

/** One rule of a chain with its hyperparameters; plain data. */
export interface Link {
  readonly rule: string;
  readonly options: Readonly<Record<string, Scheduled>>;
}

export interface Optimizer {
  readonly kind: "chain";
  readonly links: readonly Link[];
}

type Given = Readonly<Record<string, Scheduled | boolean | ((t: number) => number) | undefined>>;

/** A link of a rule: misspelt hyperparameters and numbers that are not finite are errors. Functions stay until training samples them. */
export function link(rule: Rule, given: Given = {}): Link {
  const where = rule.name;
  checkKeys(where, given, Object.keys(rule.options));
  const options: Record<string, Scheduled> = {};
  for (const [name, fallback] of Object.entries(rule.options)) {
    const value = given[name] ?? fallback;
    if (typeof value === "boolean") options[name] = value ? 1 : 0;
    else if (typeof value === "function") options[name] = value as unknown as Scheduled;
    else if (isSchedule(value)) options[name] = value;
    else options[name] = checkNumber(where, name, value);
  }
  return { rule: rule.name, options };
}

/** A chain of links in the order they work on the gradient. It must end in descend. */
export function chain(...links: readonly Link[]): Optimizer {
  if (links.length === 0 || links[links.length - 1]?.rule !== "descend") {
    const names = links.map(({ rule }) => rule).join(", ") || "nothing";
    fail("chain", `ends in ${names}, expected descend(lr) last`, "add descend(lr)");
  }
  return { kind: "chain", links };
}

/** Functions of the step become sampled schedules over the training's steps. */
export function sampleFunctions(optimizer: Optimizer, steps: number): Optimizer {
  const links = optimizer.links.map(({ rule, options }) => ({
    rule,
    options: Object.fromEntries(
      Object.entries(options).map(([name, value]) => [
        name,
        typeof value === "function" ? sampled(value as (t: number) => number, steps) : value,
      ]),
    ),
  }));
  return { kind: "chain", links };
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

/** The scalars of a link, one for each field of its rule's struct that is not a reduction. */
function scalarsOf({ rule: name, options }: Link): Scalar[] {
  const rule = ruleNamed(name);
  const scheduled = Object.values(options).some(isSchedule);
  const first = rule.fields(valuesAt(options, 0), 1);
  return rule.fieldNames
    .filter((field) => field !== rule.reduces?.field)
    .map((field): Scalar => {
      const direct = Object.entries(options).find(
        ([, value]) => isSchedule(value) && isDirect(rule, field, options, value),
      );
      if (direct && isSchedule(direct[1])) {
        const spec = direct[1];
        return { factor: Math.fround(spec.value), key: shapeKey(spec), at: (t) => shapeAt(spec, t) };
      }
      if (!rule.varies?.includes(field) && !(scheduled && dependsOnSchedule(rule, field, options))) {
        return { factor: Math.fround(first[field] as number) };
      }
      const key = `${name}.${field} ${canonical(options)}`;
      return { factor: 1, key, at: (t) => rule.fields(valuesAt(options, t), t + 1)[field] as number };
    });
}

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

/** A stretch of rules between reductions. `reduces` is what must be known of u before it. */
export interface Phase {
  readonly links: readonly { readonly rule: string; readonly scalar: number; readonly slot: number }[];
  readonly reduces: "squaredNorm" | undefined;
  readonly last: boolean;
}

export interface CompiledChain {
  /** Equal keys mean equal kernels: the rules in order. */
  readonly key: string;
  readonly phases: readonly Phase[];
  readonly scalars: readonly Scalar[];
  /** State floats per parameter. */
  readonly slots: number;
}

/** Cuts a chain into phases and lays out its scalars and state slots. */
export function compileChain(optimizer: Optimizer): CompiledChain {
  const scalars: Scalar[] = [];
  const phases: { links: Phase["links"][number][]; reduces: Phase["reduces"] }[] = [{ links: [], reduces: undefined }];
  let slot = 0;
  for (const at of optimizer.links) {
    const rule = ruleNamed(at.rule);
    if (rule.reduces) phases.push({ links: [], reduces: rule.reduces.kind });
    phases[phases.length - 1]?.links.push({ rule: at.rule, scalar: scalars.length, slot });
    scalars.push(...scalarsOf(at));
    slot += rule.slots;
  }
  const kept = phases.filter(({ links }) => links.length > 0);
  return {
    key: optimizer.links.map(({ rule }) => rule).join(" > "),
    phases: kept.map((phase, i) => ({ ...phase, last: i === kept.length - 1 })),
    scalars,
    slots: slot,
  };
}

/** The learning rate of a chain at step t = 0, 1, ..., for reports: the product of its descents (two with lrInside). */
export const learningRateAt = (optimizer: Optimizer, t: number): number =>
  optimizer.links
    .filter(({ rule }) => rule === "descend")
    .reduce((product, { options }) => product * valueAt(options.lr ?? 0, t), 1);
