// validate: every kernel, some of them by name, or a kernel of the user's own, each against its reference on this adapter.
import { fail, nearest } from "../core/check.ts";
import type { Backend } from "../backend/backend.ts";
import type { WebGpuBackend } from "../backend/webgpu/index.ts";
import { type Case, type CaseSet, caseOf, describeCase, type Fill, pairwise, PLACES, RUNS } from "../kernel/cases.ts";
import { featuresOf, type Kernel, kernelNamed, type Rounding, type Sizes, type Variant } from "../kernel/kernel.ts";
import { remoteOf } from "../train/remote.ts";
import { type Outcome, worstOf } from "./batch.ts";
import type { Optimizer } from "../optim/chain.ts";
import { loadRules, type Rule, type Values } from "../optim/rule.ts";
import { fingerprint } from "./probe.ts";
import { runCases } from "./run.ts";

/** A case of the user's own: sizes, and what the inputs hold ("normal" where not said). */
export interface OwnCase {
  readonly sizes: Sizes;
  readonly inputs?: Readonly<Record<string, Fill>>;
  /** Runs played at once, 1 if not said. */
  readonly runs?: number;
  readonly variant?: Variant;
  readonly seed?: number;
}

export interface ValidateOptions {
  /** Cases of a kernel given as an object. */
  readonly cases?: readonly OwnCase[];
  /** Hyperparameters that a rule is replayed with; three made from its defaults where not given. */
  readonly settings?: readonly Values[];
  /** Measured where not given. */
  readonly rounding?: Rounding;
  readonly onRow?: (row: ValidationRow) => void;
  readonly signal?: AbortSignal;
}

/** One kernel's outcome. */
export interface ValidationRow {
  readonly kernel: string;
  readonly cases: number;
  readonly agreed: number;
  /** Cases of integers, whose results had to be equal to the bit. */
  readonly exact: number;
  /** The worst error, in percent of what its bound allows; 0 where all is equal. */
  readonly worst: number;
  /** Of the worst case: `{size: 4097}`. */
  readonly where: string;
  /** The first disagreement, or why nothing could be run. */
  readonly message: string | undefined;
}

const sizesOf = (at: Case): string => describeCase(at).slice(describeCase(at).indexOf("{"));

function rowOf(kernel: string, outcomes: readonly Outcome[]): ValidationRow {
  const agreed = outcomes.filter(({ message }) => message === undefined);
  const worst = worstOf(outcomes);
  return {
    kernel,
    cases: outcomes.length,
    agreed: agreed.length,
    exact: outcomes.filter(({ at }) => at.tier === "exact").length,
    worst: 100 * worst.comparison.ratio,
    where: sizesOf(worst.at),
    message: outcomes.find(({ message }) => message !== undefined)?.message,
  };
}

/** Sizes for a kernel that comes without cases: one, a power of two, one more, a prime, and one larger than a workgroup. */
function defaultCases({ name, params }: Kernel): Case[] {
  const alone = params.length === 1;
  const axes = Object.fromEntries(params.map((param) => [param, alone ? [1, 64, 65, 4097] : [1, 4, 5, 17, 64]]));
  const choices = alone
    ? (axes[params[0] as string] as number[]).map((n) => ({ [params[0] as string]: n }))
    : pairwise(axes);
  return choices.map((sizes, i) =>
    caseOf(name, {
      sizes: sizes as Sizes,
      fill: "normal",
      runs: RUNS[i % RUNS.length] ?? RUNS[0],
      place: PLACES[i % PLACES.length] ?? "plain",
      seed: i + 1,
    }),
  );
}

function ownCases(kernel: Kernel, own: readonly OwnCase[] | undefined): Case[] {
  if (!own) return defaultCases(kernel);
  return own.map(({ sizes, inputs = {}, runs = 1, variant = {}, seed }, i) => {
    const missing = kernel.params.filter((param) => sizes[param] === undefined);
    if (missing.length > 0)
      fail(
        `validate ${kernel.name}`,
        `case ${i} gives no ${missing.join(", ")}`,
        `sizes are ${kernel.params.join(", ")}`,
      );
    const lies = Object.fromEntries(Object.entries(inputs).map(([name, fill]) => [name, { fill }]));
    const exact = Object.keys(inputs).length > 0 && Object.values(inputs).every((fill) => fill === "integers");
    const tier = exact ? "exact" : "bound";
    return caseOf(kernel.name, {
      sizes,
      variant,
      lies,
      tier,
      fill: "normal",
      runs: { first: 0, count: runs },
      seed: seed ?? i + 1,
    });
  });
}

/** The case sets of a target, by kernel. Our own come with the registry, loaded only when they are asked for. */
async function casesOf(
  target: Target,
  options: ValidateOptions,
  { features }: GPUDevice,
): Promise<Map<string, Case[]>> {
  if (isObject(target) && "source" in target) return new Map([[target.name, ownCases(target, options.cases)]]);
  const { catalogue } = await import("./registry.ts");
  const byKernel = new Map<string, Case[]>();
  for (const { kernel, cases } of catalogue() as CaseSet[])
    byKernel.set(kernel, [...(byKernel.get(kernel) ?? []), ...cases]);
  const able = [...byKernel.keys()].filter((name) => featuresOf(kernelNamed(name)).every((at) => features.has(at)));
  const names = target === undefined ? able : typeof target === "string" ? [target] : (target as string[]);
  return new Map(
    names.map((name) => {
      const known = [...byKernel.keys()];
      const meant = nearest(name, known);
      const hint = meant === undefined ? `there are ${known.join(", ")}` : `did you mean "${meant}"?`;
      return [name, byKernel.get(name) ?? fail("validate", `there is no kernel "${name}"`, hint)];
    }),
  );
}

/**
 * All kernels the device can run where nothing is given, some by name, a kernel made by defineKernel, a rule made by defineRule, or an
 * optimizer: a chain of rules.
 */
export type Target = undefined | string | readonly string[] | Kernel | Rule | Optimizer;

const isObject = (target: Target): target is Kernel | Rule | Optimizer =>
  typeof target === "object" && !Array.isArray(target);

/** What there is to play of a target beside the cases of kernels. */
interface Played {
  readonly name: string;
  readonly optimizers: readonly Optimizer[];
}

/** Comes with every rule's cases, so that it is loaded only where a rule is asked for. */
const rules = () => import("./rule.ts");

async function playedOf(target: Target, { settings }: ValidateOptions): Promise<Played | undefined> {
  if (!isObject(target)) return undefined;
  const { chainsOf } = await rules();
  if ("kind" in target) {
    await loadRules(target.links.map(({ rule }) => rule));
    return { name: target.links.map(({ rule }) => rule).join(" > "), optimizers: [target] };
  }
  return "struct" in target ? { name: target.name, optimizers: chainsOf(target, settings) } : undefined;
}

/**
 * Plays the target's cases on the GPU and compares every output with the kernel's f64 reference within its derived bound.
 * A rule or an optimizer is played by the kernels that are made of it and over a hundred steps with several settings, and
 * must leave padding 0; the bound of a rule that declares none is derived from its shader's text.
 * A kernel that does not compile is a row that says so. Throws for a name that is no kernel's, and without WebGPU.
 */
export async function validate(
  backend: Backend,
  target?: Target,
  options: ValidateOptions = {},
): Promise<ValidationRow[]> {
  const remote = remoteOf(backend);
  if (remote) return remote.validate(target, options);
  if (backend.kind !== "webgpu")
    fail("validate", `the backend is ${backend.kind}`, "it compares a GPU with the CPU references: open WebGPU");
  const gpu = backend as WebGpuBackend;
  const played = await playedOf(target, options);
  const cases = played ? (await rules()).kernelCases(played.optimizers) : await casesOf(target, options, gpu.device);
  const rounding = options.rounding ?? (await fingerprint(gpu)).rounding;
  const rows: ValidationRow[] = [];
  const told = (row: ValidationRow): void => {
    rows.push(row);
    options.onRow?.(row);
  };
  for (const [kernel, list] of cases) {
    options.signal?.throwIfAborted();
    const name = played ? `${played.name}: ${kernel}` : kernel;
    told(await validateOne(gpu, name, list, rounding));
  }
  options.signal?.throwIfAborted();
  for (const row of played ? await (await rules()).replayRows(gpu, played.name, { ...played, rounding }) : [])
    told(row);
  return rows;
}

async function validateOne(
  gpu: WebGpuBackend,
  kernel: string,
  cases: readonly Case[],
  rounding: Rounding,
): Promise<ValidationRow> {
  try {
    return rowOf(kernel, await runCases(gpu, cases, rounding));
  } catch (error) {
    if (!(error instanceof Error) || error.name === "DeviceLost") throw error;
    return { kernel, cases: cases.length, agreed: 0, exact: 0, worst: Number.NaN, where: "", message: error.message };
  }
}
