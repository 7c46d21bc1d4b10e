// Reads the arithmetic of a rule's shader as f64: a second statement of the rule, taken from the text that runs on the
// GPU. Understands what rules are written in: functions of f32, let, assignment through pointers, calls, select. Not
// WGSL at large.
import { withoutComments } from "../../src/kernel/source.ts";
import type { Rule, Values } from "../../src/optim/rule.ts";

const builtins = {
  abs: Math.abs,
  exp2: (x: number) => 2 ** x,
  log2: Math.log2,
  max: Math.max,
  min: Math.min,
  select: (no: number, yes: number, which: boolean) => (which ? yes : no),
  sign: Math.sign,
  sqrt: Math.sqrt,
};

/**
 * `*name` as `name.v`, where a star is no multiplication: after an operator, a bracket, a comma, at a statement's
 * begin.
 */
const dereferenced = (body: string): string => {
  let text = body;
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(/(^|[=(,+\-*/;{}]|return)(\s*)\*(\w+)/g, "$1$2$3.v");
  }
  return text;
};

/** A WGSL function of f32 as the source of a JavaScript function; pointers become objects with a number v. */
function translated(head: string, parameters: string, body: string): string {
  const names = [...parameters.matchAll(/(\w+)\s*:/g)].map((match) => match[1] as string);
  const lines = dereferenced(body).replace(/\blet\s+/g, "const ");
  return `function ${head}(${names.join(", ")}) {${lines}}`;
}

type ShaderFunction = (u: number, p: number, h: Values, ...state: { v: number }[]) => number;

/** The rule's function as its shader (or `text`) states it. */
export function shaderFunction(rule: Rule, text: string = rule.wgsl): ShaderFunction {
  const functions = [...withoutComments(text).matchAll(/\bfn\s+(\w+)\s*\(([^)]*)\)\s*->\s*f32\s*\{([^}]*)\}/g)];
  const source = functions.map(([, head, parameters, body]) => translated(head ?? "", parameters ?? "", body ?? ""));
  const names = Object.keys(builtins);
  const make = new Function(...names, `"use strict"; ${source.join("\n")}\nreturn ${rule.call};`);
  return make(...Object.values(builtins)) as ShaderFunction;
}

/** The rule with its shader's text, or a changed one, in place of the f64 reference. */
export function readFromShader(rule: Rule, text: string = rule.wgsl): Rule {
  const of = shaderFunction(rule, text);
  return {
    ...rule,
    reference(u, p, fields, s) {
      const state = s.map((v) => ({ v }));
      const result = of(u, p, fields, ...state);
      for (let k = 0; k < s.length; k++) s[k] = (state[k] as { v: number }).v;
      return result;
    },
  };
}
