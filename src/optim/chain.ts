// A chain: rules in order, as plain data; checked, cut into phases, and turned into the scalars its kernels read.
import { checkKeys, checkNumber, fail } from "../core/check.ts";
import { canonical } from "../core/hash.ts";
import type { Stage } from "../kernel/kernel.ts";
import { type Rule, reducedFields, ruleNamed, type Values } from "./rule.ts";
import { isSchedule, type Scheduled, sampled, shapeAt, shapeKey, valueAt } from "./schedule.ts";

/** One rule of a chain with its hyperparameters; plain data. */
export interface Link {
  readonly rule: string;
  readonly options: Readonly<Record<string, Scheduled>>;
  readonly clock?: Clock;
}

/** When a link plays: at every `every`th step only, and from state 0 and its first step again after `restart` of those. */
export interface Clock {
  readonly every?: number;
  readonly restart?: number;
}

/** Which parameters: by name ("layer1", "layer2.b"), or by kind. */
export interface Match {
  readonly names?: readonly string[];
  readonly only?: "matrices" | "vectors";
}

/** Links of their own for some parameters; none at all freeze them. */
export interface Group {
  readonly match: Match;
  readonly links: readonly Link[];
}

export interface Optimizer {
  readonly kind: "chain";
  readonly links: readonly Link[];
  /** A parameter belongs to the first group that matches it, else to the links above. */
  readonly groups?: readonly Group[];
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

/** A chain of links in the order they work on the gradient. It must end in descend, and what may stand after it. */
export function chain(...links: readonly Link[]): Optimizer {
  if (links.filter(({ rule }) => !ruleNamed(rule).after).at(-1)?.rule !== "descend") {
    const names = links.map(({ rule }) => rule).join(", ") || "nothing";
    fail("chain", `ends in ${names}, expected descend(lr) last`, "add descend(lr)");
  }
  return { kind: "chain", links };
}

/** Functions of the step become sampled schedules over the training's steps. */
export function sampleFunctions(optimizer: Optimizer, steps: number): Optimizer {
  const all = (links: readonly Link[]): Link[] =>
    links.map((at) => ({
      ...at,
      options: Object.fromEntries(
        Object.entries(at.options).map(([name, value]) => [
          name,
          typeof value === "function" ? sampled(value as (t: number) => number, steps) : value,
        ]),
      ),
    }));
  const { links, groups } = optimizer;
  const own = groups && { groups: groups.map((group) => ({ ...group, links: all(group.links) })) };
  return { kind: "chain", links: all(links), ...own };
}

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
function scalarsOf({ rule: name, options, clock }: Link): Scalar[] {
  const rule = ruleNamed(name);
  const scheduled = Object.values(options).some(isSchedule);
  const first = rule.fields(valuesAt(options, 0), 1);
  // A link's own time: its steps are numbered from 1 where it plays and begins.
  const timed = (of: (t: number) => number) => (clock ? (t: number) => of(clocked(clock, t + 1).t - 1) : of);
  const when = clock ? canonical(clock) : "";
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
    const key = `${name}.${field} ${canonical(options)}${when}`;
    return { factor: 1, key, at: timed((t) => rule.fields(valuesAt(options, t), t + 1)[field] as number) };
  });
}

/** The fields of a rule's struct that the host computes, in order. */
export const scalarFields = (rule: Rule): string[] =>
  rule.fieldNames.filter((field) => !reducedFields(rule).includes(field) && !(rule.matrix && field === "matrix"));

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

/** A stretch of rules between reductions. The first of its links reduces, if any does. */
export interface Phase {
  readonly links: readonly Stage[];
  readonly reduces: boolean;
  /** It moves p; the others leave u for the phase after them. */
  readonly last: boolean;
  /** What it leaves begins as p in place of the gradient. */
  readonly view?: boolean;
  /** The state slot that holds p as the step found it, in the second half of a step with two gradients. */
  readonly from?: number;
}

export interface CompiledChain {
  /** Equal keys mean equal kernels: the rules in order. */
  readonly key: string;
  readonly phases: readonly Phase[];
  /** Parameters with phases of their own. */
  readonly groups?: readonly { readonly match: Match; readonly phases: readonly Phase[] }[];
  readonly scalars: readonly Scalar[];
  /** State floats per parameter. */
  readonly slots: number;
  /** Reduced numbers per tensor, and whether any of them outlives a step. */
  readonly reduced: number;
  readonly keeps: boolean;
  /** Phases that leave p as it is to be evaluated in place of u, for the links and each group; and whether that is not p. */
  readonly views: readonly Phase[];
  readonly viewed: boolean;
}

/** Lays out links: scalars follow those of other groups, state slots and reduced numbers begin at 0. */
class Layout {
  readonly scalars: Scalar[];
  readonly stages: Stage[] = [];
  slots = 0;
  reduced = 0;

  constructor(scalars: Scalar[]) {
    this.scalars = scalars;
  }

  #flag(key: string, at: (t: number) => boolean): number {
    return this.scalars.push({ factor: 1, key, at: (t) => Number(at(t + 1)) }) - 1;
  }

  #borrowed(rule: Rule): number[] {
    return (rule.borrows ?? []).map((name) => {
      const owner = this.stages.findLast((stage) => ruleNamed(stage.rule).state?.includes(name));
      if (!owner) fail("chain", `${rule.name} needs ${name} of a rule before it`, "keep the two together");
      return owner.slot + (ruleNamed(owner.rule).state as readonly string[]).indexOf(name);
    });
  }

  add(at: Link): Stage {
    const rule = ruleNamed(at.rule);
    const { every = 1, restart = 0 } = at.clock ?? {};
    const clock = at.clock ?? {};
    const stage: Stage = {
      rule: at.rule,
      scalar: this.scalars.length,
      slot: this.slots,
      ...(rule.borrows ? { borrowed: this.#borrowed(rule) } : {}),
      // What a rule recalls is made after it, by the next that reduces.
      ...(reducedFields(rule).length > 0 ? { reduced: this.reduced } : {}),
    };
    this.scalars.push(...scalarsOf(at));
    const gate = every > 1 ? { gate: this.#flag(`plays ${canonical(clock)}`, (t) => clocked(clock, t).plays) } : {};
    const anew = restart > 0 ? { anew: this.#flag(`anew ${canonical(clock)}`, (t) => clocked(clock, t).anew) } : {};
    this.slots += rule.slots;
    this.reduced += rule.reduces?.fields.length ?? 0;
    const made = { ...stage, ...gate, ...anew };
    this.stages.push(made);
    return made;
  }

  phases(links: readonly Link[]): Phase[] {
    const phases: { links: Stage[]; reduces: boolean; last: boolean; from?: number }[] = [];
    let from: { from?: number } = {};
    for (const at of links) {
      const { reduces = false, aside, state = [] } = ruleNamed(at.rule);
      if (phases.length === 0 || reduces || phases.at(-1)?.last) {
        phases.push({ links: [], reduces: reduces !== false, last: false, ...from });
      }
      const stage = this.add(at);
      const phase = phases.at(-1) as (typeof phases)[number];
      phase.links.push(stage);
      if (aside !== undefined) {
        from = { from: stage.slot + state.indexOf(aside) };
        phase.last = true;
      }
    }
    const end = phases.at(-1);
    if (end) end.last = true;
    return phases;
  }

  /** The phase of the outermost rule that has a view; p itself where none has and other parts or runs have. */
  view(links: readonly Link[]): Phase {
    const owner = links.findLast(({ rule }) => ruleNamed(rule).view !== undefined);
    const view = owner && ruleNamed(ruleNamed(owner.rule).view as string);
    const options = Object.keys(view?.options ?? {}).map((name) => [name, owner?.options[name] ?? 0] as const);
    const at = view ? [this.add({ rule: view.name, options: Object.fromEntries(options) })] : [];
    return { links: at, reduces: false, last: false, view: true };
  }
}

/** Cuts a chain into phases and lays out its scalars, state slots and reduced numbers. */
export function compileChain({ links, groups }: Optimizer): CompiledChain {
  const scalars: Scalar[] = [];
  const parts = [{ links }, ...(groups ?? [])].map((part) => {
    const layout = new Layout(scalars);
    const phases = layout.phases(part.links);
    return { ...part, layout, phases, view: layout.view(part.links) };
  });
  const all = parts.flatMap((part) => part.links);
  const named = ({ rule, clock }: Link): string => rule + (clock ? canonical(clock) : "");
  const inner = groups?.map((group) => canonical(group.match) + group.links.map(named).join(" > ")) ?? [];
  return {
    key: [links.map(named).join(" > "), ...inner].join("; "),
    phases: (parts[0] as (typeof parts)[number]).phases,
    ...(groups ? { groups: groups.map(({ match }, i) => ({ match, phases: parts[i + 1]?.phases ?? [] })) } : {}),
    scalars,
    slots: Math.max(...parts.map(({ layout }) => layout.slots)),
    reduced: Math.max(...parts.map(({ layout }) => layout.reduced)),
    keeps: all.some(({ rule }) => ruleNamed(rule).reduces?.keeps),
    views: parts.map(({ view }) => view),
    viewed: parts.some(({ view }) => view.links.length > 0),
  };
}

/** The learning rate of a chain at step t = 0, 1, ..., for reports: the product of its descents (two with lrInside). */
export const learningRateAt = (optimizer: Optimizer, t: number): number =>
  optimizer.links
    .filter(({ rule }) => rule === "descend")
    .reduce((product, { options }) => product * valueAt(options.lr ?? 0, t), 1);
