// A dispatch's Params as constants of its text instead of a uniform: every offset, stride and size is then known to the compiler.
import { layoutOf } from "../../kernel/compose.ts";
import { renumber } from "../../kernel/source.ts";

const UNIFORM = /@group\(0\)\s*@binding\(\d+\)\s*var<uniform>\s*params\s*:\s*Params;/;

const literals = (words: Uint32Array, from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => `${words[from + i]}u`).join(", ");

/** The text with `words`, the Params that launchOf fills for it, in place of their binding. Floats keep their bits. */
export function bake(where: string, text: string, words: Uint32Array): string {
  const values = [...layoutOf(where, text).fields.values()].map(({ word, type }) => {
    if (type === "Grid" || type === "View") return `${type}(${literals(words, word, 8)})`;
    return type === "f32" ? `bitcast<f32>(${words[word]}u)` : `${words[word]}u`;
  });
  return renumber(text.replace(UNIFORM, () => `const params = Params(${values.join(", ")});`));
}
