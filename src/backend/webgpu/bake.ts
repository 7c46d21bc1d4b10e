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
const USE = /\bparams\.(\w+)(?:\.(\w+))?/g;

/** The members of the structures of lib/index.wgsl, a word each. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  Grid: ["x", "y", "slices", "run", "total", "runs", "unused0", "unused1"],
  View: ["offset", "run", "slice", "step", "pitch", "unused0", "unused1", "unused2"],
};

/** What a dispatch's text depends on beside its Params; the label is for readers of plans. */
const made = ({ kernel, variant }: Dispatch): string => JSON.stringify([kernel, { ...variant, label: "" }]);

/** All that one pipeline is to serve: of the start tile, which begins many shapes, those of few runs that differ in Params alone. */
function servedWith(at: Dispatch, beside: readonly Dispatch[]): readonly Dispatch[] {
  if (at.kernel !== "matmul_start" || at.runs.count >= MANY_RUNS || !beside.includes(at)) return [at];
  return beside.filter((other) => other.kernel === at.kernel && made(other) === made(at));
}

/**
 * Whether a dispatch's Params become constants of its text: not where a float is divided by one of them. Compilers multiply by
 * a constant's reciprocal, which gives other bits.
 */
const bakes = ({ kernel }: Dispatch): boolean => !/\/\s*f32\(params/.test(kernelNamed(kernel).wgsl);

/** A word that all dispatches of a pipeline agree on, as a constant; undefined where they do not. */
type Known = (word: number, type: string) => string | undefined;

const knownIn = (all: readonly Uint32Array[]): Known => {
  const [first = new Uint32Array(), ...others] = all;
  return (word, type) => {
    if (others.some((words) => words[word] !== first[word])) return undefined;
    // Floats keep their bits.
    return type === "f32" ? `bitcast<f32>(${first[word]}u)` : `${first[word]}u`;
  };
};

/** A field of Params, or a member of it, with what is known in place of what is read; the rest is read from the uniform. */
function fieldText(
  name: string,
  { word, type }: { word: number; type: string },
  known: Known,
  member?: string,
): string {
  const members = MEMBERS[type];
  if (!members) return known(word, type) ?? `params.${name}`;
  const at = (i: number): string => known(word + i, "u32") ?? `params.${name}.${members[i]}`;
  return member === undefined ? `${type}(${members.map((_, i) => at(i)).join(", ")})` : at(members.indexOf(member));
}

/** The Params that launchOf fills for it in place of their binding, or of what of them is the same for all that share its text. */
export const bake: Bake = (dispatch, text, beside) => {
  if (!bakes(dispatch)) return text;
  const where = `kernel ${dispatch.kernel}`;
  const source = parse(text);
  const prepared = { text, bindings: source.bindings, workgroup: workgroupOf(where, source) };
  const known = knownIn(servedWith(dispatch, beside).map((at) => launchOf(at, prepared).words));
  const { fields, words } = layoutOf(where, text);
  if (Array.from({ length: words }, (_, word) => known(word, "u32")).includes(undefined)) {
    return text.replace(USE, (use, name: string, member?: string) => {
      const field = fields.get(name);
      return field ? fieldText(name, field, known, member) : use;
    });
  }
  const values = [...fields].map(([name, field]) => fieldText(name, field, known));
  return renumber(text.replace(UNIFORM, () => `const params = Params(${values.join(", ")});`));
};
