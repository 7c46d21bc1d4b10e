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
  vec4f: (x: number, y: number, z: number, w: number) => [x, y, z, w],
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
  const lines = dereferenced(body)
    .replace(/\blet\s+/g, "const ")
    .replace(/\b(sums|before)\.([xyzw])/g, (_, name, lane) => `${name}[${"xyzw".indexOf(lane)}]`);
  return `function ${head}(${names.join(", ")}) {${lines}}`;
}

interface ShaderFunctions {
  readonly rule: (u: number, p: number, h: Values, ...state: { v: number }[]) => number;
  readonly terms?: (u: number, p: number, h: Values, ...state: number[]) => number[];
  readonly settle?: (sums: readonly number[], count: number, h: Values, before: readonly number[]) => number[];
}

/** The rule's functions as its shader (or `text`) states them. */
export function shaderFunctions(rule: Rule, text: string = rule.wgsl): ShaderFunctions {
  const functions = [
    ...withoutComments(text).matchAll(/\bfn\s+(\w+)\s*\(([^)]*)\)\s*->\s*(?:f32|vec4f)\s*\{([^}]*)\}/g),
  ];
  const source = functions.map(([, head, parameters, body]) => translated(head ?? "", parameters ?? "", body ?? ""));
  const names = Object.keys(builtins);
  const has = (name: string): boolean => functions.some(([, head]) => head === name);
  const parts = ["terms", "settle"]
    .filter((part) => has(`${rule.call}_${part}`))
    .map((part) => `${part}: ${rule.call}_${part}`);
  const result = `{ ${[`rule: ${rule.call}`, ...parts].join(", ")} }`;
  const make = new Function(...names, `"use strict"; ${source.join("\n")}\nreturn ${result};`);
  return make(...Object.values(builtins)) as ShaderFunctions;
}

/** Four numbers, 0 where none are given, as in the kernels. */
const four = (values: readonly number[]): number[] => [0, 1, 2, 3].map((i) => values[i] ?? 0);

/** The rule with its shader's text, or a changed one, in place of the f64 reference. */
export function readFromShader(rule: Rule, text: string = rule.wgsl): Rule {
  const { rule: of, terms, settle } = shaderFunctions(rule, text);
  const { reduces } = rule;
  return {
    ...rule,
    ...(reduces && terms
      ? {
          reduces: {
            ...reduces,
            terms: (u, p, f, s) => terms(u, p, f, ...s),
            ...(settle ? { settle: (sums, count, f, before) => settle(four(sums), count, f, four(before)) } : {}),
          },
        }
      : {}),
    reference(u, p, fields, s) {
      const state = s.map((v) => ({ v }));
      const result = of(u, p, fields, ...state);
      for (let k = 0; k < s.length; k++) s[k] = (state[k] as { v: number }).v;
      return result;
    },
  };
}
