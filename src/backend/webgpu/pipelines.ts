// Pipelines by their final text: equal texts share one. Compile errors name file, line and column.
import { compose, workgroupOf } from "../../kernel/compose.ts";
import { kernelNamed } from "../../kernel/kernel.ts";
import { type Binding as Declared, parse } from "../../kernel/source.ts";
import type { Dispatch } from "../../scheduler/plan.ts";
import type { Bake } from "./bake.ts";

/** A dispatch's final text, read: all that binding and launching need, before anything is compiled. */
export interface Prepared {
  readonly text: string;
  readonly layout: GPUBindGroupLayout;
  /** In the order of their numbers. */
  readonly bindings: readonly Declared[];
  readonly workgroup: readonly [number, number, number];
  /** Compiles it, once. */
  readonly compile: () => Promise<GPUComputePipeline>;
  /** Whether it has been compiled. */
  readonly compiled: () => boolean;
}

export interface Pipeline extends Prepared {
  readonly pipeline: GPUComputePipeline;
}

/** The WGSL type of each binding in a variant. */
function typesOf({ kernel, variant }: Dispatch): Map<string, string> {
  const declared = kernelNamed(kernel).source.bindings.map(
    ({ name, type }) => [name, variant.types?.[name] ?? type] as const,
  );
  return new Map([...declared, ...(variant.extra ?? []).map(({ name, type }) => [name, type] as const)]);
}

/**
 * Bindings of one buffer share a name, the written one's if there is one: WebGPU refuses a buffer bound twice when either
 * is written, and eight storage buffers are all there are.
 */
export function mergesOf(dispatch: Dispatch): Record<string, string> {
  const merge: Record<string, string> = {};
  const types = typesOf(dispatch);
  const entries = Object.entries(dispatch.bindings).sort(
    ([, a], [, b]) => Number(a.mode === "read") - Number(b.mode === "read"),
  );
  entries.forEach(([name, { buffer, mode }], i) => {
    if (merge[name]) return;
    for (const [other, second] of entries.slice(i + 1)) {
      if (second.buffer !== buffer || merge[other]) continue;
      if (mode !== "read" || types.get(other) === types.get(name)) merge[other] = name;
    }
  });
  return merge;
}

const bufferType = (access: string): GPUBufferBindingType =>
  access === "uniform" ? "uniform" : access === "read" ? "read-only-storage" : "storage";

export class Pipelines {
  readonly #device: GPUDevice;
  readonly #byText = new Map<string, Prepared>();
  readonly #compiled = new Set<string>();
  readonly #layouts = new Map<string, GPUBindGroupLayout>();

  #bake: Bake | undefined;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** How many distinct pipelines have been compiled. */
  get count(): number {
    return this.#compiled.size;
  }

  /** What makes Params constants of texts, imported where that is wanted. */
  async loadBake(): Promise<void> {
    this.#bake ??= (await import("./bake.ts")).bake;
  }

  get bakes(): boolean {
    return this.#bake !== undefined;
  }

  /**
   * Composes and reads a dispatch's text; compiles nothing yet. Params become its constants where all that runs `beside` it is
   * given (await loadBake() first).
   */
  prepare(dispatch: Dispatch, beside?: readonly Dispatch[]): Prepared {
    const open = compose(kernelNamed(dispatch.kernel), dispatch.variant, mergesOf(dispatch));
    const text = beside && this.#bake ? this.#bake(dispatch, open, beside) : open;
    const known = this.#byText.get(text);
    if (known) return known;
    const source = parse(text);
    const layout = this.#layout(source.bindings);
    const workgroup = workgroupOf(`kernel ${dispatch.kernel}`, source);
    let pipeline: Promise<GPUComputePipeline> | undefined;
    const compile = (): Promise<GPUComputePipeline> => {
      pipeline ??= this.#compile(dispatch, text, layout);
      return pipeline;
    };
    const prepared = {
      text,
      layout,
      bindings: source.bindings,
      workgroup,
      compile,
      compiled: () => this.#compiled.has(text),
    };
    this.#byText.set(text, prepared);
    return prepared;
  }

  async get(dispatch: Dispatch): Promise<Pipeline> {
    const prepared = this.prepare(dispatch);
    return { ...prepared, pipeline: await prepared.compile() };
  }

  #layout(bindings: readonly Declared[]): GPUBindGroupLayout {
    const key = bindings.map(({ name, access }) => `${access}${name === "step" ? "*" : ""}`).join();
    const known = this.#layouts.get(key);
    if (known) return known;
    const layout = this.#device.createBindGroupLayout({
      entries: bindings.map(({ name, access }, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: bufferType(access), hasDynamicOffset: name === "step" },
      })),
    });
    this.#layouts.set(key, layout);
    return layout;
  }

  async #compile(dispatch: Dispatch, text: string, layout: GPUBindGroupLayout): Promise<GPUComputePipeline> {
    const device = this.#device;
    device.pushErrorScope("validation");
    const module = device.createShaderModule({ code: text, label: dispatch.kernel });
    const compiled = device.createComputePipelineAsync({
      label: dispatch.kernel,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: "main" },
    });
    const invalid = device.popErrorScope();
    try {
      const pipeline = await compiled;
      await invalid;
      this.#compiled.add(text);
      return pipeline;
    } catch (error) {
      await invalid.catch(() => null);
      this.#byText.delete(text);
      const { compileError } = await import("./compile_error.ts");
      throw await compileError(module, { dispatch, text, error });
    }
  }
}
