// A rule: a pure elementwise function of u (the gradient, or what earlier rules made of it), p, hyperparameters and state.
// Declared twice on purpose, in WGSL and in f64; the numbers of other libraries decide between them.
import { fail } from "../core/check.ts";
import type { Approx, Bounds } from "../kernel/bound.ts";
import type { Stage, Variant } from "../kernel/kernel.ts";
import { withoutComments } from "../kernel/source.ts";
import type { Draw } from "./draw.ts";

/** Numbers by name: hyperparameters, or the fields of a rule's shader struct. */
export type Values = Readonly<Record<string, number>>;

export interface RuleSpec {
  readonly name: string;
  /** One struct and one function `(u, p, h, ...state pointers) -> u`. */
  readonly wgsl: string;
  /** Hyperparameters with their defaults; each may be given a schedule. */
  readonly options: Values;
  /** State floats per parameter, by name, all 0 at the start. */
  readonly state?: readonly string[];
  /** The struct's fields at update t = 1, 2, ..., in f64 from hyperparameters already rounded to f32. */
  readonly fields: (h: Values, t: number) => Values;
  /** Fields that change with t though no hyperparameter does. */
  readonly varies?: readonly string[];
  /** Sums over tensors that the rule needs: the chain is cut before it. */
  readonly reduces?: Reduction;
  /** Fields that hold what the reduction of a later rule of the chain left at the step before; 0 at the first. */
  readonly recalls?: readonly string[];
  /** State of an earlier rule that it reads and writes too, by name; its pointers come after the rule's own. */
  readonly borrows?: readonly string[];
  /** Has a field `matrix`: 1 in tensors of two dimensions and more, 0 in biases and the like. */
  readonly matrix?: true;
  /** Has a field `noise`: a number drawn for each element at each step (draw.ts), 0 in padding. */
  readonly draws?: Draw;
  /** May stand after descend: it sees the step that is about to be taken. */
  readonly after?: true;
  /** Moves p aside for a second gradient: what comes after it starts from p as it was, which this state of its own keeps. */
  readonly aside?: string;
  /** The rule whose result is p as it is to be evaluated; it borrows this rule's state and shares its hyperparameters. */
  readonly view?: string;
  /** u after the rule; s, the state, is changed in place. */
  readonly reference: (u: number, p: number, f: Values, s: number[]) => number;
  /** The same computation as the shader's with its error bound; s is changed in place. */
  readonly bound?: (by: Bounds, u: Approx, p: Approx, f: Readonly<Record<string, Approx>>, s: Approx[]) => Approx;
}

/** Tensors of reductions over rows and columns: the numbers kept of each, and which lines there are. */
type Lined = "lines" | "groups" | "ends";

/** Where a kernel call of a reduction finds its tensors: an arena by name, or numbers that live until the next rule. */
export type CutSlot =
  | { readonly arena: "gradient" | "parameter" | "state" | "hyper" | "reduced" | "spans" | "tiles" | Lined }
  | { readonly scratch: string; readonly shape: readonly number[] }
  | { readonly name: string; readonly words: readonly number[] };

/** One dispatch of a reduction. */
export interface CutCall {
  readonly name: string;
  readonly kernel: string;
  readonly sizes: Readonly<Record<string, number>>;
  readonly variant: Variant;
  readonly tensors: Readonly<Record<string, CutSlot>>;
}

/** What the calls of a reduction are made from: elements of a run with padding and without, tensors, the rule's place. */
export interface CutAt {
  readonly size: number;
  readonly count: number;
  readonly spans: number;
  readonly slots: number;
  readonly scalars: number;
  readonly stage: Stage;
  /** Groups of lines, stretches of all lines, groups of whole lines, and the room that a number of every line takes. */
  readonly lines?: {
    readonly groups: number;
    readonly partials: number;
    readonly ends: number;
    readonly kept: number;
    readonly room: number;
    /** How often each number is gone through. */
    readonly passes: number;
  };
}

/** Sums over all of a run's parameters, each tensor, or each row and column, and what is made of them for the next step. */
export interface Reduction {
  /**
   * The struct's fields that hold what it makes, four at most; over lines, row_x, col_x and all_x for the x of the number's
   * row, of its column, and of its tensor.
   */
  readonly fields: readonly string[];
  readonly over: "run" | "tensor" | "lines";
  /** Over lines: the numbers made for each, four at most. */
  readonly kept?: readonly string[];
  /** Over lines: the largest term (all are 0 or more) in place of their sum. */
  readonly largest?: true;
  /** Whether anything made at one step is read at the next: then a checkpoint holds it. */
  readonly keeps?: true;
  /** The summands of one element. */
  readonly terms: (u: number, p: number, f: Values, s: readonly number[]) => readonly number[];
  /** From the sums, how many elements they are over, and what was made at the step before. The sums themselves if left out. */
  readonly settle?: (sums: readonly number[], count: number, f: Values, before: readonly number[]) => readonly number[];
  /** The dispatches, two at most. */
  readonly calls: (at: CutAt) => readonly CutCall[];
}

export interface Rule extends RuleSpec {
  readonly struct: string;
  readonly call: string;
  readonly fieldNames: readonly string[];
  readonly slots: number;
}

/** The fields of a rule's struct that come from reductions. */
export const reducedFields = ({ reduces, recalls }: RuleSpec): readonly string[] => reduces?.fields ?? recalls ?? [];

/** Where a field over lines is found: which line of a number, and which of what is kept of it. */
export function lineField({ kept = [] }: Reduction, field: string): { line: "row" | "col" | "all"; k: number } {
  const [line, name = ""] = field.split("_") as ["row" | "col" | "all", string];
  return { line, k: kept.indexOf(name) };
}

export const rules = new Map<string, Rule>();

/** Declares a rule and checks it against its shader: struct fields, state pointers. */
export function defineRule(spec: RuleSpec): Rule {
  const where = `rule ${spec.name}`;
  const code = withoutComments(spec.wgsl);
  const struct = /struct\s+(\w+)\s*\{([^}]*)\}/.exec(code);
  const main = /fn\s+(\w+)\s*\(([^)]*)\)\s*->\s*f32/.exec(code);
  if (!struct || !main) fail(where, "its shader needs one struct and one function returning f32");
  const fieldNames = [...(struct[2] as string).matchAll(/(\w+)\s*:\s*f32/g)].map((field) => field[1] as string);
  const made = Object.keys(spec.fields(spec.options, 1));
  made.push(...reducedFields(spec));
  if (spec.matrix) made.push("matrix");
  if (spec.draws) made.push("noise");
  if (made.slice().sort().join() !== fieldNames.slice().sort().join()) {
    fail(where, `makes fields ${made.join(", ")}, its struct ${struct[1]} has ${fieldNames.join(", ")}`);
  }
  const pointers = (main[2] as string).split("ptr<").length - 1;
  const slots = spec.state?.length ?? 0;
  const all = slots + (spec.borrows?.length ?? 0);
  if (pointers !== all) fail(where, `has ${all} state slots, its function takes ${pointers} pointers`);
  const rule = { ...spec, struct: struct[1] as string, call: main[1] as string, fieldNames, slots };
  rules.set(spec.name, rule);
  return rule;
}

export const ruleNamed = (name: string): Rule =>
  rules.get(name) ?? fail(`rule ${name}`, "is not defined", "import the module that defines it");

/** Rules of a user's own whose every part is text, as they were given: what can be sent to another thread. */
export const textRules = new Map<string, object>();

/** Whether a rule of that name is there, or would be loaded. */
export const isRule = (name: string): boolean => rules.has(name) || later.has(name);

/** A rule that a preset plays for one of its options only: loaded when a training needs it. */
export type LaterRule = Pick<RuleSpec, "name" | "options"> & { readonly load: () => Promise<unknown> };

const later = new Map<string, LaterRule>();

export function laterRule(rule: LaterRule): LaterRule {
  later.set(rule.name, rule);
  return rule;
}

/** Loads those of the named rules that are loaded on demand. */
export async function loadRules(names: readonly string[]): Promise<void> {
  for (const name of new Set(names)) if (!rules.has(name)) await later.get(name)?.load();
}
