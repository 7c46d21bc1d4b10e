// Fills a dispatch's Params: its grid, a View for every tensor in units of its binding's elements, its sizes.
import { fail } from "../../core/check.ts";
import { constsOf, layoutOf } from "../../kernel/compose.ts";
import { kernelNamed } from "../../kernel/kernel.ts";
import { parse } from "../../kernel/source.ts";
import type { Binding, Dispatch } from "../../scheduler/plan.ts";
import { mergesOf, type Prepared } from "./pipelines.ts";

/** WebGPU's default limit of workgroups along one dimension. */
const MOST_GROUPS = 65535;

export interface Launch {
  readonly words: Uint32Array<ArrayBuffer>;
  readonly groups: readonly [number, number];
}

/** Elements of the tensor in one element of the binding: 4 for vec4f, 4 bytes for packed u8. */
function unitOf(type: string, binding: Binding): number {
  if (type === "array<vec4f>") return 4;
  return binding.dtype === "u8" ? 4 : 1;
}

function viewWords(name: string, binding: Binding, unit: number): number[] {
  const numbers = [binding.offset, binding.run, binding.slice, binding.step, binding.pitch];
  // A vector's pitch is never used to step rows, so it may be anything.
  const words = numbers.map((n, i) => (i === 4 ? Math.floor(n / unit) : n / unit));
  if (words.some((word) => !Number.isInteger(word))) {
    fail("params", `${name} in ${binding.buffer} does not lie at multiples of ${unit} elements`);
  }
  return [...words, 0, 0, 0];
}

/** The grid of one dispatch: workgroups of a run and slice, times runs and slices, folded where one dimension is too small. */
function gridOf(
  dispatch: Dispatch,
  pipeline: Pick<Prepared, "text" | "workgroup">,
): { words: number[]; groups: [number, number] } {
  const kernel = kernelNamed(dispatch.kernel);
  const consts = constsOf(parse(pipeline.text));
  const [tx, ty = 1] = kernel.threads(dispatch.sizes, consts);
  const x = Math.max(1, Math.ceil(tx / pipeline.workgroup[0]));
  const y = Math.max(1, Math.ceil(ty / pipeline.workgroup[1]));
  const total = x * y * dispatch.slices * dispatch.runs.count;
  const real = Math.ceil(total / pipeline.workgroup[2]);
  const groups: [number, number] = real <= MOST_GROUPS ? [real, 1] : [MOST_GROUPS, Math.ceil(real / MOST_GROUPS)];
  return { words: [x, y, dispatch.slices, dispatch.runs.first, total, dispatch.runs.count, 0, 0], groups };
}

export function launchOf(dispatch: Dispatch, pipeline: Pick<Prepared, "text" | "bindings" | "workgroup">): Launch {
  const { fields, words: length } = layoutOf(`kernel ${dispatch.kernel}`, pipeline.text);
  const words = new Uint32Array(length);
  const floats = new Float32Array(words.buffer);
  const merge = mergesOf(dispatch);
  const types = new Map(pipeline.bindings.map(({ name, type }) => [name, type]));
  const { words: grid, groups } = gridOf(dispatch, pipeline);
  for (const [name, { word, type }] of fields) {
    const binding = dispatch.bindings[name];
    if (type === "Grid") words.set(grid, word);
    else if (type === "View") {
      if (!binding) fail(`kernel ${dispatch.kernel}`, `nothing is bound to ${name}`);
      words.set(viewWords(name, binding, unitOf(types.get(merge[name] ?? name) ?? "", binding)), word);
    } else {
      const size = dispatch.sizes[name] ?? fail(`kernel ${dispatch.kernel}`, `size ${name} is not given`);
      if (type === "f32") floats[word] = size;
      else words[word] = size;
    }
  }
  return { words, groups };
}
