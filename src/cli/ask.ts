// Questions to the page besides jobs: validate kernels, or look at the adapter. Plain data both ways.
import { describe, fingerprint } from "../validate/probe.ts";
import type { Optimizer } from "../optim/chain.ts";
import type { Rule, Values } from "../optim/rule.ts";
import { type OwnCase, type Target, validate, type ValidateOptions, type ValidationRow } from "../validate/validate.ts";
import { fail } from "../core/check.ts";
import { openBackend } from "../index.ts";
import type { WebGpuBackend } from "../backend/webgpu/index.ts";
import type { Kernel } from "../kernel/kernel.ts";

export interface ValidateQuestion {
  readonly kind: "validate";
  /** None of both: all kernels of ours. */
  readonly kernels: readonly string[];
  readonly modules: readonly { readonly path: string; readonly url: string }[];
}

export interface InspectQuestion {
  readonly kind: "inspect";
}

export type Question = ValidateQuestion | InspectQuestion;

export interface Inspection {
  readonly adapter: string;
  readonly software: boolean;
  readonly fingerprint: string;
  readonly features: readonly string[];
  /** Bytes. */
  readonly binding: number;
}

export interface Answered {
  readonly adapter: string;
  readonly fingerprint: string;
}

const isKernel = (value: unknown): value is Kernel =>
  typeof value === "object" && value !== null && "wgsl" in value && "source" in value && "reference" in value;

type Given<Item> = readonly Item[] | Readonly<Record<string, readonly Item[]>> | undefined;

/** A list for the one thing a module exports, or the list by its name. */
function named<Item>(option: "cases" | "settings", given: Given<Item>, name: string): ValidateOptions {
  const list = Array.isArray(given)
    ? (given as readonly Item[])
    : (given as Readonly<Record<string, readonly Item[]>>)?.[name];
  return list ? { [option]: list } : {};
}

const isRule = (value: unknown): value is Rule =>
  typeof value === "object" && value !== null && "struct" in value && "reference" in value;

const isOptimizer = (value: unknown): value is Optimizer =>
  typeof value === "object" && value !== null && (value as Optimizer).kind === "chain";

/**
 * A module's kernels, rules and optimizers. Cases of kernels are exported as `cases`, a list for the one kernel or lists by
 * name; `settings` of a rule likewise.
 */
async function targetsOf({ path, url }: ValidateQuestion["modules"][number]): Promise<[Target, ValidateOptions][]> {
  const module = (await import(/* @vite-ignore */ url).catch((error: Error) => {
    if (error.name === "FallLineError") throw error;
    fail(
      "validate",
      `${path} does not load (${error.message})`,
      "what is wrong with it stands above, if vite could tell",
    );
  })) as Record<string, unknown>;
  const { cases, settings } = module as Record<"cases" | "settings", Given<never>>;
  const found = Object.values(module).flatMap((value): [Target, ValidateOptions][] => {
    if (isKernel(value)) return [[value, named("cases", cases as Given<OwnCase>, value.name)]];
    if (isRule(value)) return [[value, named("settings", settings as Given<Values>, value.name)]];
    return isOptimizer(value) ? [[value, {}]] : [];
  });
  if (found.length === 0) {
    fail("validate", `${path} exports no kernel or rule`, "export what defineKernel or defineRule returns");
  }
  return found;
}

/** Plays a question's kernels; every row is told as soon as it is there. */
async function validateAll(
  backend: WebGpuBackend,
  question: ValidateQuestion,
  tell: (row: ValidationRow) => void,
  signal: AbortSignal,
): Promise<Answered> {
  const probed = await fingerprint(backend);
  const options = { rounding: probed.rounding, onRow: tell, signal };
  const { kernels, modules } = question;
  if (kernels.length > 0 || modules.length === 0)
    await validate(backend, kernels.length > 0 ? kernels : undefined, options);
  for (const module of modules) {
    for (const [target, own] of await targetsOf(module)) await validate(backend, target, { ...options, ...own });
  }
  return { adapter: backend.adapter.description, fingerprint: describe(probed) };
}

async function inspect(backend: WebGpuBackend): Promise<Inspection> {
  const { adapter, device, limits } = backend;
  const features = [...device.features].sort();
  const found = { adapter: adapter.description, software: adapter.software, features, binding: limits.binding };
  return { ...found, fingerprint: describe(await fingerprint(backend)) };
}

/** Answers a question on a backend of its own. An abort ends it with what was told so far. */
export async function answer(
  question: Question,
  tell: (row: ValidationRow) => void,
  signal: AbortSignal,
): Promise<Answered | Inspection> {
  const backend = (await openBackend("webgpu")) as WebGpuBackend;
  try {
    return question.kind === "inspect" ? await inspect(backend) : await validateAll(backend, question, tell, signal);
  } finally {
    backend.close();
  }
}
