// Reads what a shader says of itself: constants, Params, bindings, functions; and rewrites it by name.
import { fail } from "../core/check.ts";

export interface Binding {
  readonly name: string;
  /** "uniform", "read" or "read_write". */
  readonly access: string;
  readonly type: string;
}

export interface Source {
  readonly text: string;
  readonly consts: ReadonlyMap<string, string>;
  readonly params: ReadonlyMap<string, string>;
  readonly bindings: readonly Binding[];
  readonly functions: ReadonlySet<string>;
  /** The arguments of @workgroup_size: names of constants, or numbers. */
  readonly workgroup: readonly string[];
}

const BINDING = /@group\(0\)\s*@binding\(\d+\)\s*var<([^>]*)>\s*(\w+)\s*:\s*([^;]+);/g;
const CONST = /^const\s+(\w+)\s*(?::[^=]*)?=\s*([^;]+);/gm;

export const withoutComments = (text: string): string => text.replace(/\/\/[^\n]*/g, "");

function paramsOf(code: string): Map<string, string> {
  const body = /struct\s+Params\s*\{([^}]*)\}/.exec(code)?.[1] ?? "";
  const fields = [...body.matchAll(/(\w+)\s*:\s*(\w+)/g)];
  return new Map(fields.map((field) => [field[1] as string, field[2] as string]));
}

export function parse(text: string): Source {
  const code = withoutComments(text);
  const bindings = [...code.matchAll(BINDING)].map((match) => {
    const [space, access] = (match[1] as string).split(",").map((part) => part.trim());
    return {
      name: match[2] as string,
      access: space === "uniform" ? "uniform" : (access ?? "read"),
      type: (match[3] as string).trim(),
    };
  });
  const workgroup = /@workgroup_size\(([^)]*)\)/.exec(code)?.[1] ?? "";
  return {
    text,
    consts: new Map([...code.matchAll(CONST)].map((match) => [match[1] as string, (match[2] as string).trim()])),
    params: paramsOf(code),
    bindings,
    functions: new Set([...code.matchAll(/\bfn\s+(\w+)/g)].map((match) => match[1] as string)),
    workgroup: workgroup
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  };
}

/** Rewrites the defaults of module-level constants; an unknown name is an error. Numbers become u32 unless the default has a dot. */
export function specialize(where: string, text: string, values: Readonly<Record<string, number | boolean>>): string {
  let result = text;
  for (const [name, value] of Object.entries(values)) {
    const pattern = new RegExp(`^const\\s+${name}\\b(\\s*:[^=]*)?\\s*=\\s*([^;]+);`, "m");
    const found = pattern.exec(result);
    if (!found) fail(where, `has no constant ${name}`, `it has ${[...parse(text).consts.keys()].join(", ") || "none"}`);
    const literal = typeof value === "boolean" ? `${value}` : found[2]?.includes(".") ? `${value}` : `${value}u`;
    result = result.replace(pattern, `const ${name} = ${literal};`);
  }
  return result;
}

/** The span of `fn name(...) { ... }` in a text, by matching braces. */
function functionSpan(text: string, name: string): [number, number] | undefined {
  const start = new RegExp(`^fn\\s+${name}\\b`, "m").exec(text)?.index;
  if (start === undefined) return undefined;
  let depth = 0;
  for (let i = text.indexOf("{", start); i < text.length; i++) {
    if (text[i] === "{") depth++;
    if (text[i] === "}" && --depth === 0) return [start, i + 1];
  }
  return undefined;
}

/** The whole text of a function that a shader declares. */
export function functionIn(text: string, name: string): string {
  const span = functionSpan(text, name);
  return span ? text.slice(...span) : fail("shader", `has no function ${name}`);
}

/** Replaces a hook's default definition by another; an unknown hook is an error. */
export function replaceFunction(where: string, text: string, name: string, definition: string): string {
  const span = functionSpan(text, name);
  if (!span) fail(where, `has no hook ${name}`, "hooks are functions with an identity default");
  return text.slice(0, span[0]) + definition + text.slice(span[1]);
}

/** Numbers the bindings in order of appearance, and drops those another name has taken over. */
export function renumber(text: string): string {
  let next = 0;
  return text.replace(/@group\(0\)\s*@binding\(\d+\)/g, () => `@group(0) @binding(${next++})`);
}

/** Puts two names of one buffer under one binding: WebGPU refuses a buffer bound twice when either is written. */
export function mergeBinding(where: string, text: string, name: string, into: string): string {
  const source = parse(text);
  const [from, to] = [name, into].map((wanted) => source.bindings.find((binding) => binding.name === wanted));
  if (!from || !to) fail(where, `cannot bind ${name} as ${into}: no such binding`);
  if (from.type !== to.type)
    fail(where, `${name} (${from.type}) and ${into} (${to.type}) lie in one buffer but differ in type`);
  const declaration = new RegExp(`@group\\(0\\)\\s*@binding\\(\\d+\\)\\s*var<[^>]*>\\s*${name}\\s*:[^;]+;[^\\n]*\\n?`);
  const writable = from.access === "read_write" || to.access === "read_write";
  let result = text.replace(declaration, "");
  if (writable)
    result = result.replace(new RegExp(`var<storage,\\s*read>\\s*${into}\\s*:`), `var<storage, read_write> ${into}:`);
  return result.replace(new RegExp(`(?<!\\.)\\b${name}\\[`, "g"), `${into}[`);
}
