// A kernel's declaration: its shader, what it reads and writes, how many threads, and its f64 reference with its error bound.
import { fail } from "../core/check.ts";
import type { Dtype, Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { parse, type Source } from "./source.ts";

export interface Access {
  readonly mode: "read" | "write" | "update";
  readonly shape: Shape;
  readonly dtype: Dtype;
  /** The runs' tensors are found through the run table: runs with one data seed share an order. */
  readonly via?: "order";
}

export const read = (...shape: number[]): Access => ({ mode: "read", shape, dtype: "f32" });
export const write = (...shape: number[]): Access => ({ mode: "write", shape, dtype: "f32" });
export const update = (...shape: number[]): Access => ({ mode: "update", shape, dtype: "f32" });
export const readWords = (...shape: number[]): Access => ({ mode: "read", shape, dtype: "u32" });
export const writeWords = (...shape: number[]): Access => ({ mode: "write", shape, dtype: "u32" });
export const readBytes = (...shape: number[]): Access => ({ mode: "read", shape, dtype: "u8" });

export type Sizes = Readonly<Record<string, number>>;
/** A variant's constants, over the shader's defaults. */
export type Consts = Readonly<Record<string, number | boolean>>;
export type Tensors = Readonly<Record<string, Tensor>>;

/** What a reference may know besides its tensors: the step, the run's entry in the run table, and the variant it plays. */
export interface Context {
  readonly t: number;
  readonly valid: number;
  readonly slice: number;
  readonly variant: Variant;
  readonly values: ArrayLike<number>;
  /** The run's seed of noise. */
  readonly noise: number;
}

/** A rule's place in an update: what begins where, which slots of others it takes, and the scalars that gate it. */
export interface Stage {
  readonly rule: string;
  readonly scalar: number;
  readonly slot: number;
  readonly borrowed?: readonly number[];
  readonly reduced?: number;
  /** Its first number of each row and column. */
  readonly line?: number;
  readonly gate?: number;
  readonly anew?: number;
  /** Of a rule that draws: the two scalars its run's seed is in, and the stream of its first tensor. */
  readonly draws?: { readonly seed: number; readonly stream: number };
}

/** How a dispatch's text differs from the shader's defaults. Plain data. */
export interface Variant {
  readonly consts?: Consts;
  /** Hook name -> its whole new definition. */
  readonly hooks?: Readonly<Record<string, string>>;
  /** Shader text added: fragments the hooks call. */
  readonly fragments?: readonly string[];
  /** Bindings the fragments need: name -> WGSL type and access. */
  readonly extra?: readonly { readonly name: string; readonly type: string; readonly access: "read" | "read_write" }[];
  /** Element type of a binding that differs from the shader's own (packed bytes for vec4f). */
  readonly types?: Readonly<Record<string, string>>;
  /** The rules of an update, in order: where each one's scalars and state slots begin. `cut` leaves u for the next phase. */
  readonly chain?: readonly Stage[];
  readonly cut?: boolean;
  /** What is handed on begins as p in place of the gradient. */
  readonly view?: boolean;
  /** The state slot that holds p where the parameter arena does not: between the two gradients of a step. */
  readonly from?: number;
  /** The elements an update goes over, from .. to, where they are not all. */
  readonly stretches?: readonly (readonly [number, number])[];
  /** For print-outs: bias + relu. */
  readonly label?: string;
}

/** What rounding costs on this adapter: u = 2^-24 where it rounds to nearest (probed), else 2^-23. */
export interface Rounding {
  readonly u: number;
}

/**
 * Bounds the error of every output, by output.allow, from the inputs' values and errors; derived, and called before the
 * reference has written anything.
 */
export type Bound = (tensors: Tensors, sizes: Sizes, rounding: Rounding, context: Context) => void;

/** What a kernel computes: one run, f64; knows nothing of strides, pitch or tiles. */
export type Reference = (tensors: Tensors, sizes: Sizes, context: Context) => void;

export interface KernelSpec {
  readonly name: string;
  readonly wgsl: string;
  readonly params: readonly string[];
  readonly consts?: readonly string[];
  readonly hooks?: readonly string[];
  readonly bindings: (sizes: Sizes, consts: Consts) => Readonly<Record<string, Access>>;
  /** Threads along x and y for one run and slice. */
  readonly threads: (sizes: Sizes, consts: Readonly<Record<string, number>>) => readonly [number, number?];
  readonly slices?: (sizes: Sizes) => number;
  /** A kernel of the same bindings, sizes and bits that compiles sooner: a program may begin on it. */
  readonly start?: string;
  readonly reference: Reference;
  /** For a kernel of one's own; ours lie beside their kernels in X.bounds.ts, out of the bundles that only train. */
  readonly bound?: Bound;
}

export interface Kernel extends KernelSpec {
  readonly source: Source;
}

/** Names the framework binds itself. */
export const SYSTEM = ["params", "step", "runs"] as const;

export const kernels = new Map<string, Kernel>();

function checkDeclaration(spec: KernelSpec, source: Source): void {
  const where = `kernel ${spec.name}`;
  const sizes = Object.fromEntries(spec.params.map((name) => [name, 8]));
  const accesses = spec.bindings(sizes, {});
  const bound = source.bindings.filter((binding) => !(SYSTEM as readonly string[]).includes(binding.name));
  const declared = Object.keys(accesses);
  const inShader = bound.map((binding) => binding.name);
  if (declared.slice().sort().join() !== inShader.slice().sort().join()) {
    fail(where, `declares bindings ${declared.join(", ")}, its shader ${inShader.join(", ")}`, "make them the same");
  }
  for (const binding of bound) {
    const writes = accesses[binding.name]?.mode !== "read";
    if (writes !== (binding.access === "read_write")) {
      fail(
        where,
        `${binding.name} is ${binding.access} in the shader and ${accesses[binding.name]?.mode} in the declaration`,
      );
    }
  }
  const expected = ["grid", ...declared, ...spec.params].sort().join();
  const found = [...source.params.keys()].sort().join();
  if (expected !== found)
    fail(where, `Params holds ${found}, expected ${expected}`, "one View per binding, then the sizes");
  for (const name of spec.consts ?? []) if (!source.consts.has(name)) fail(where, `has no constant ${name}`);
}

/** Declares a kernel: compares it with its shader and enters it in the registry. Throws where the two differ. */
export function defineKernel(spec: KernelSpec): Kernel {
  const source = parse(spec.wgsl);
  checkDeclaration(spec, source);
  const kernel = { ...spec, source };
  kernels.set(spec.name, kernel);
  return kernel;
}

const references = new Map<string, Reference>();

/** Enters a reference that stands in a module of its own, X.reference.ts, out of the bundles that only train on a GPU. */
export const defineReference = (kernel: string, reference: Reference): void => void references.set(kernel, reference);

/** What such a kernel declares. */
export const besideIt =
  (kernel: string): Reference =>
  (...given) =>
    (references.get(kernel) ?? fail(`kernel ${kernel}`, "its reference is not loaded", "import backend/execute.ts"))(
      ...given,
    );

export function kernelNamed(name: string): Kernel {
  return kernels.get(name) ?? fail(`kernel ${name}`, "is not defined", "import the module that defines it");
}

/** WebGPU features a kernel cannot do without: those its shader enables. */
export const featuresOf = ({ wgsl }: KernelSpec): readonly string[] =>
  [...wgsl.matchAll(/^enable ([^;]*);/gm)].map((match) => match[1] as string);
