// A rule: a pure elementwise function of u (the gradient, or what earlier rules made of it), p, hyperparameters and state.
// Declared twice on purpose, in WGSL and in f64; the numbers of other libraries decide between them.
import { fail } from "../core/check.ts";
import type { Approx, Bounds } from "../kernel/bound.ts";
import { withoutComments } from "../kernel/source.ts";

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
  /** The field that holds a reduction of all of u: the chain is cut before this rule. */
  readonly reduces?: { readonly field: string; readonly kind: "squaredNorm" };
  /** u after the rule; s, the state, is changed in place. */
  readonly reference: (u: number, p: number, f: Values, s: number[]) => number;
  /** The same computation as the shader's with its error bound; s is changed in place. */
  readonly bound?: (by: Bounds, u: Approx, p: Approx, f: Readonly<Record<string, Approx>>, s: Approx[]) => Approx;
}

export interface Rule extends RuleSpec {
  readonly struct: string;
  readonly call: string;
  readonly fieldNames: readonly string[];
  readonly slots: number;
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
  if (spec.reduces) made.push(spec.reduces.field);
  if (made.slice().sort().join() !== fieldNames.slice().sort().join()) {
    fail(where, `makes fields ${made.join(", ")}, its struct ${struct[1]} has ${fieldNames.join(", ")}`);
  }
  const pointers = (main[2] as string).split("ptr<").length - 1;
  const slots = spec.state?.length ?? 0;
  if (pointers !== slots) fail(where, `has ${slots} state slots, its function takes ${pointers} pointers`);
  const rule = { ...spec, struct: struct[1] as string, call: main[1] as string, fieldNames, slots };
  rules.set(spec.name, rule);
  return rule;
}

export const ruleNamed = (name: string): Rule =>
  rules.get(name) ?? fail(`rule ${name}`, "is not defined", "import the module that defines it");
