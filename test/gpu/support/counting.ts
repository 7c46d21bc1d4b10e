// Counts what a stretch of work asks of WebGPU, by wrapping the prototypes; put back afterwards.

export interface Counts {
  buffers: number;
  /** Buffers destroyed. */
  destroyed: number;
  bindGroups: number;
  pipelines: number;
  shaderModules: number;
  writes: number;
  submits: number;
  dispatches: number;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

const METHODS = [
  ["buffers", "GPUDevice", "createBuffer"],
  ["destroyed", "GPUBuffer", "destroy"],
  ["bindGroups", "GPUDevice", "createBindGroup"],
  ["pipelines", "GPUDevice", "createComputePipeline"],
  ["pipelines", "GPUDevice", "createComputePipelineAsync"],
  ["shaderModules", "GPUDevice", "createShaderModule"],
  ["writes", "GPUQueue", "writeBuffer"],
  ["submits", "GPUQueue", "submit"],
  ["dispatches", "GPUComputePassEncoder", "dispatchWorkgroups"],
] as const;

const zero = (): Counts => ({
  buffers: 0,
  destroyed: 0,
  bindGroups: 0,
  pipelines: 0,
  shaderModules: 0,
  writes: 0,
  submits: 0,
  dispatches: 0,
});

/** The counts of what `work` does; they may be read, and set to 0, while it runs. */
export async function counting<T>(work: (now: Counts) => Promise<T>): Promise<{ counts: Counts; result: T }> {
  const counts = zero();
  const restore = METHODS.map(([kind, owner, method]) => {
    const prototype = (globalThis as unknown as Record<string, { prototype: Record<string, Method> }>)[owner]
      ?.prototype;
    const original = prototype?.[method];
    if (!prototype || !original) throw new Error(`counting: there is no ${owner}.${method}`);
    prototype[method] = function (...args) {
      counts[kind]++;
      return original.apply(this, args);
    };
    return () => {
      prototype[method] = original;
    };
  });
  try {
    return { counts, result: await work(counts) };
  } finally {
    for (const undo of restore) undo();
  }
}
