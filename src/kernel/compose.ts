// A dispatch's final shader text: the kernel's file, its constants specialized, its hooks replaced, its bindings merged.
import { fail } from "../core/check.ts";
import { type Kernel, SYSTEM, type Variant } from "./kernel.ts";
import { withLibs } from "./lib.ts";
import { mergeBinding, parse, renumber, replaceFunction, type Source, specialize } from "./source.ts";

const DIRECTIVE = /^enable [^;]*;\n/gm;
const WORDS = { Grid: 8, View: 8, u32: 1, f32: 1 } as const;

function addBindings(where: string, text: string, variant: Variant): string {
  if (!variant.extra) return text;
  const own = new Set(parse(text).bindings.map(({ name }) => name));
  const extra = variant.extra.filter(({ name }) => !own.has(name) && own.add(name));
  const declarations = extra
    .map(({ name, type, access }) => `@group(0) @binding(0) var<storage, ${access}> ${name}: ${type};\n`)
    .join("");
  const tensors = extra.filter(({ name }) => !(SYSTEM as readonly string[]).includes(name));
  if (tensors.length === 0) return declarations + text;
  const views = tensors.map(({ name }) => `${name}: View`).join(", ");
  const params = /struct\s+Params\s*\{\s*grid\s*:\s*Grid\s*,/;
  if (!params.test(text)) fail(where, "Params does not begin with grid: Grid");
  return declarations + text.replace(params, (head) => `${head} ${views},`);
}

/** WGSL wants its directives (enable ...) before all declarations. */
function directivesFirst(text: string): string {
  const directives = text.match(DIRECTIVE)?.join("") ?? "";
  return directives + text.replace(DIRECTIVE, "");
}

/**
 * The whole WGSL of a kernel in a variant. `merge` maps a binding's name to the binding whose buffer it shares.
 * Equal texts are equal pipelines.
 */
export function compose(kernel: Kernel, variant: Variant = {}, merge: Readonly<Record<string, string>> = {}): string {
  const where = `kernel ${kernel.name}`;
  const named = [...Object.values(variant.hooks ?? {}), ...(variant.extra ?? []).map(({ type }) => type)];
  let text = withLibs([kernel.wgsl, ...(variant.fragments ?? [])].join("\n"), named);
  text = specialize(where, text, variant.consts ?? {});
  for (const [hook, definition] of Object.entries(variant.hooks ?? {})) {
    text = replaceFunction(where, text, hook, definition);
  }
  text = addBindings(where, text, variant);
  for (const [name, type] of Object.entries(variant.types ?? {})) {
    text = text.replace(new RegExp(`(var<storage[^>]*>\\s*${name}\\s*:\\s*)[^;]+;`), `$1${type};`);
  }
  for (const [name, into] of Object.entries(merge)) text = mergeBinding(where, text, name, into);
  return renumber(directivesFirst(text));
}

/** A constant's value in the composed text: a number for u32 and f32 constants. */
export function constsOf(source: Source): Record<string, number> {
  const values: Record<string, number> = {};
  for (const [name, literal] of source.consts) {
    const number = Number.parseFloat(literal);
    if (!Number.isNaN(number)) values[name] = number;
  }
  return values;
}

/** Threads along x and y, and how many workgroups of the grid a real one stands for. */
export function workgroupOf(where: string, source: Source): [number, number, number] {
  const consts = constsOf(source);
  const sizes = source.workgroup.map((part) => consts[part] ?? Number.parseInt(part, 10));
  if (sizes.length === 0 || sizes.some((size) => !Number.isInteger(size)))
    fail(where, "has no readable @workgroup_size");
  return [sizes[0] as number, sizes[1] ?? 1, sizes[2] ?? 1];
}

/** Word offsets of each field of a composed Params struct, and its size in words, by WGSL's uniform layout. */
export function layoutOf(
  where: string,
  text: string,
): { fields: Map<string, { word: number; type: string }>; words: number } {
  const fields = new Map<string, { word: number; type: string }>();
  let word = 0;
  for (const [name, type] of parse(text).params) {
    const size = WORDS[type as keyof typeof WORDS];
    if (size === undefined) fail(where, `Params.${name} has type ${type}`, "use Grid, View, u32 or f32");
    if (size === 8) word = Math.ceil(word / 4) * 4;
    fields.set(name, { word, type });
    word += size;
  }
  return { fields, words: Math.ceil(word / 4) * 4 };
}
