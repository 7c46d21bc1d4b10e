// A dispatch's Params as constants of its text instead of a uniform: every offset, stride and size is then known to the compiler.
import { layoutOf, workgroupOf } from "../../kernel/compose.ts";
import { kernelNamed } from "../../kernel/kernel.ts";
import { parse, renumber } from "../../kernel/source.ts";
import type { Dispatch } from "../../scheduler/plan.ts";
import { MANY_RUNS } from "../../scheduler/tuning.ts";
import { launchOf } from "./params.ts";

/** A dispatch's text with its Params as constants, where that may be; `beside` is all that runs with it. */
export type Bake = (dispatch: Dispatch, text: string, beside: readonly Dispatch[]) => string;

const UNIFORM = /@group\(0\)\s*@binding\(\d+\)\s*var<uniform>\s*params\s*:\s*Params;/;

const literals = (words: Uint32Array, from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => `${words[from + i]}u`).join(", ");

/** What a dispatch's text depends on beside its Params; the label is for readers of plans. */
const made = ({ kernel, variant }: Dispatch): string => JSON.stringify([kernel, { ...variant, label: "" }]);

const alike = (a: Dispatch, b: Dispatch): boolean => a.kernel === b.kernel && made(a) === made(b);

/** The start tile's pipelines serve many shapes: where one is to serve several of few runs, they stay in a uniform. */
const serves = (at: Dispatch, beside: readonly Dispatch[]): boolean =>
  at.kernel === "matmul_start" && at.runs.count < MANY_RUNS && beside.some((other) => other !== at && alike(at, other));

/**
 * Whether a dispatch's Params become constants of its text: not where a float is divided by one of them. Compilers multiply by
 * a constant's reciprocal, which gives other bits.
 */
const bakes = (at: Dispatch, beside: readonly Dispatch[]): boolean =>
  !/\/\s*f32\(params/.test(kernelNamed(at.kernel).wgsl) && !serves(at, beside);

/** The Params that launchOf fills for it, in place of their binding. Floats keep their bits. */
export const bake: Bake = (dispatch, text, beside) => {
  if (!bakes(dispatch, beside)) return text;
  const where = `kernel ${dispatch.kernel}`;
  const source = parse(text);
  const { words } = launchOf(dispatch, { text, bindings: source.bindings, workgroup: workgroupOf(where, source) });
  const values = [...layoutOf(where, text).fields.values()].map(({ word, type }) => {
    if (type === "Grid" || type === "View") return `${type}(${literals(words, word, 8)})`;
    return type === "f32" ? `bitcast<f32>(${words[word]}u)` : `${words[word]}u`;
  });
  return renumber(text.replace(UNIFORM, () => `const params = Params(${values.join(", ")});`));
};
