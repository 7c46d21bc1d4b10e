// A dispatch's Params as constants of its text instead of a uniform: every offset, stride and size is then known to the compiler.
import { layoutOf, workgroupOf } from "../../kernel/compose.ts";
import { kernelNamed } from "../../kernel/kernel.ts";
import { parse, renumber } from "../../kernel/source.ts";
import type { Dispatch } from "../../scheduler/plan.ts";
import { MANY_RUNS, QUICK } from "../../scheduler/tuning.ts";
import { launchOf } from "./params.ts";

/** A dispatch's text with its Params as constants, where that may be. */
export type Bake = (dispatch: Dispatch, text: string) => string;

const UNIFORM = /@group\(0\)\s*@binding\(\d+\)\s*var<uniform>\s*params\s*:\s*Params;/;

const literals = (words: Uint32Array, from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => `${words[from + i]}u`).join(", ");

/**
 * Whether a dispatch's Params are constants of its text. Not on the start tile, whose pipelines serve many shapes; nor where
 * a float is divided by one of them: compilers multiply by a constant's reciprocal, which gives other bits.
 */
const bakes = ({ kernel, runs }: Dispatch): boolean =>
  !/\/\s*f32\(params/.test(kernelNamed(kernel).wgsl) && (kernel !== `matmul_${QUICK}` || runs.count >= MANY_RUNS);

/** The Params that launchOf fills for it, in place of their binding. Floats keep their bits. */
export const bake: Bake = (dispatch, text) => {
  if (!bakes(dispatch)) return text;
  const where = `kernel ${dispatch.kernel}`;
  const source = parse(text);
  const { words } = launchOf(dispatch, { text, bindings: source.bindings, workgroup: workgroupOf(where, source) });
  const values = [...layoutOf(where, text).fields.values()].map(({ word, type }) => {
    if (type === "Grid" || type === "View") return `${type}(${literals(words, word, 8)})`;
    return type === "f32" ? `bitcast<f32>(${words[word]}u)` : `${words[word]}u`;
  });
  return renumber(text.replace(UNIFORM, () => `const params = Params(${values.join(", ")});`));
};
