// Mutants: a kernel's composed text with one fault planted, played on the kernel's own cases, which must notice.
import { fail } from "../core/check.ts";
import type { WebGpuBackend } from "../backend/webgpu/index.ts";
import type { Pipeline } from "../backend/webgpu/pipelines.ts";
import { mergesOf } from "../backend/webgpu/pipelines.ts";
import type { Case } from "../kernel/cases.ts";
import { compose } from "../kernel/compose.ts";
import { type Consts, kernelNamed, type Rounding } from "../kernel/kernel.ts";
import type { Dispatch } from "../scheduler/plan.ts";
import { type Batch, judge, prepare } from "./batch.ts";
import { lay } from "./layout.ts";
import { catalogue } from "./registry.ts";
import { play } from "./run.ts";

export interface Mutant {
  readonly family: string;
  /** What is wrong, in a few words. */
  readonly name: string;
  readonly kernel: string;
  /** The variant's label and constants, where the kernel has several. */
  readonly label?: string;
  readonly consts?: Consts;
  readonly find: string;
  readonly replace: string;
  /** Replaces every occurrence; otherwise the first. */
  readonly all?: boolean;
}

export interface Verdict {
  readonly mutant: Mutant;
  /** The first disagreement; undefined where the mutant survived. */
  readonly killed: string | undefined;
}

/** Cases a mutant is played on: enough of one text, evenly spread. */
const CASES = 48;

const textOf = ({ kernel, variant }: Dispatch, merge: Record<string, string>): string =>
  compose(kernelNamed(kernel), variant, merge);

function spread<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list];
  return Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)] as T);
}

/** The cases of one variant of a kernel whose text is the first one's: one pipeline plays them all. */
function casesFor({ kernel, label, consts = {} }: Mutant, all: readonly Case[]): { cases: Case[]; dispatch: Dispatch } {
  const ofVariant = all.filter(
    (at) =>
      at.kernel === kernel &&
      (at.variant.label ?? "") === (label ?? at.variant.label ?? "") &&
      Object.entries(consts).every(([name, value]) => at.variant.consts?.[name] === value) &&
      at.runs.count < 100,
  );
  const laid = ofVariant.map((at) => ({ at, dispatch: lay(at, new Map()).dispatch }));
  const [first] = laid;
  if (!first) fail("mutants", `no case of ${kernel} ${label ?? ""} ${JSON.stringify(consts)}`);
  const texts = laid.map(({ dispatch }) => textOf(dispatch, mergesOf(dispatch)));
  const same = laid.filter((_, i) => texts[i] === texts[0]).map(({ at }) => at);
  return { cases: spread(same, CASES), dispatch: first.dispatch };
}

function mutate({ name, kernel, find, replace, all }: Mutant, text: string): string {
  if (!text.includes(find)) fail(`mutant ${kernel}, ${name}`, `its text holds no "${find}"`, "follow the shader");
  return all ? text.replaceAll(find, replace) : text.replace(find, () => replace);
}

/** The pipeline of a mutated text; a text that does not compile is an error, not a kill. */
async function compile(device: GPUDevice, original: Pipeline, mutant: Mutant): Promise<Pipeline> {
  const text = mutate(mutant, original.text);
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ code: text });
  const layout = device.createPipelineLayout({ bindGroupLayouts: [original.layout] });
  const compiled = device.createComputePipelineAsync({ layout, compute: { module, entryPoint: "main" } });
  const invalid = device.popErrorScope();
  try {
    return { ...original, text, pipeline: await compiled };
  } catch (error) {
    const reason = (await invalid)?.message ?? (error instanceof Error ? error.message : String(error));
    return fail(`mutant ${mutant.kernel}, ${mutant.name}`, `does not compile: ${reason}`);
  }
}

/** Plays every mutant on its kernel's cases. */
export async function playMutants(
  backend: WebGpuBackend,
  mutants: readonly Mutant[],
  rounding: Rounding,
): Promise<Verdict[]> {
  const all = catalogue().flatMap(({ cases }) => cases);
  const prepared = new Map<string, { batch: Batch; original: Promise<Pipeline> }>();
  const verdicts: Verdict[] = [];
  for (const mutant of mutants) {
    const key = JSON.stringify([mutant.kernel, mutant.label, mutant.consts]);
    let known = prepared.get(key);
    if (!known) {
      const { cases, dispatch } = casesFor(mutant, all);
      known = { batch: prepare(cases, rounding), original: backend.pipelines.get(dispatch) };
      prepared.set(key, known);
    }
    const { batch, original } = known;
    const pipeline = await compile(backend.device, await original, mutant);
    const results = await play(backend, batch, async () => pipeline);
    verdicts.push({ mutant, killed: judge(batch, results).find(({ message }) => message !== undefined)?.message });
  }
  return verdicts;
}
