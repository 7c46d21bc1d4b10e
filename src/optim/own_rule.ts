// A rule of a user's own: what is checked before it is declared as ours are. Its reference may come as text.
import { fail } from "../core/check.ts";
import { withoutComments } from "../kernel/source.ts";
import { defineRule as declareRule, type Rule, type RuleSpec, rules, textRules, type Values } from "./rule.ts";

/** A rule as it is declared: `fields` may be left out where the struct holds the hyperparameters themselves. */
export type RuleDefinition = Omit<RuleSpec, "fields" | "reference"> & {
  /** A function, or the text of one, where a rule is handed over as text. */
  readonly fields?: RuleSpec["fields"] | string;
  readonly reference: RuleSpec["reference"] | string;
};

/** A function as it was given, or of its text: `(u, p, f, s) => ...`. */
function functionOf<F>(where: string, what: string, given: F | string | undefined): F {
  let made: unknown = given;
  if (typeof given === "string") {
    try {
      made = new Function(`"use strict"; return (${given});`)();
    } catch (error) {
      fail(where, `${what} is no function (${(error as Error).message})`, 'write "(u, p, f, s) => ..."');
    }
  }
  if (typeof made !== "function") {
    fail(where, `${what} is ${made === undefined ? "missing" : "no function"}`, "give (u, p, f, s) => u in f64");
  }
  return made as F;
}

/** The struct and the function of it in a rule's text. Throws for a signature that is another. */
function signatureOf(where: string, wgsl: string): { struct: string; call: string } {
  if (typeof wgsl !== "string") fail(where, "wgsl is no text", "give the struct and the function in WGSL");
  const code = withoutComments(wgsl);
  const [, struct] = /struct\s+(\w+)\s*\{([^}]*)\}/.exec(code) ?? [];
  const main = /fn\s+(\w+)\s*\(([^)]*)\)\s*->\s*f32/.exec(code);
  if (struct === undefined || !main) {
    fail(where, "its shader has no struct, or no function returning f32", `write ${SIGNATURE}`);
  }
  const [, call = "", parameters = ""] = main;
  const types = parameters.split(/,(?![^<]*>)/).map((parameter) => (parameter.split(/:(.*)/s)[1] ?? "").trim());
  const [u, p, h, ...rest] = types.filter((type) => type !== "");
  const states = rest.filter((type) => /^ptr\s*<\s*function\s*,\s*f32\s*>$/.test(type));
  if (u !== "f32" || p !== "f32" || h !== struct || states.length < rest.length) {
    fail(where, `its function is ${call}(${types.join(", ")})`, `write ${SIGNATURE}`);
  }
  return { struct, call };
}

const SIGNATURE = "struct H { field: f32 ... } and fn name(u: f32, p: f32, h: H, state: ptr<function, f32> ...) -> f32";

/** Two rules of one chain stand in one shader. */
function checkNames(
  where: string,
  { name, wgsl }: RuleDefinition,
  { struct, call }: Record<"struct" | "call", string>,
): void {
  for (const other of rules.values()) {
    if (other.wgsl === wgsl) continue;
    if (other.name === name) fail(where, "there is another rule of that name", "choose another name");
    const taken = [struct, call].find((word) => word === other.struct || word === other.call);
    if (taken)
      fail(where, `its shader's ${taken} is also that of rule ${other.name}`, "choose another name in the shader");
  }
}

/**
 * Declares a rule, ours or a user's own, and checks it against its shader: struct fields, the function's signature, state
 * pointers, names. `link(rule, options)` puts it into a chain; `validate(backend, rule)` compares the two statements.
 */
export function defineRule(definition: RuleDefinition): Rule {
  const where = `rule ${definition.name}`;
  const { struct, call } = signatureOf(where, definition.wgsl);
  const { options = {} } = definition;
  checkNames(where, definition, { struct, call });
  const fields = definition.fields === undefined ? (h: Values) => h : functionOf(where, "fields", definition.fields);
  const spec: RuleSpec = {
    ...definition,
    options,
    fields: fields as RuleSpec["fields"],
    reference: functionOf(where, "reference", definition.reference) as RuleSpec["reference"],
  };
  const rule = declareRule(spec);
  if (!Object.values(definition).some((part) => typeof part === "function" || part === definition.reduces)) {
    textRules.set(rule.name, definition);
  }
  return rule;
}
