// Counts WebGPU calls by wrapping the prototypes, whoever makes them.
import type { Counts } from "../result.ts";

type Tally = { -readonly [K in keyof Counts]: number };

const zero = (): Tally => ({
  dispatches: 0,
  passes: 0,
  submits: 0,
  bindGroups: 0,
  buffers: 0,
  pipelines: 0,
  writeBuffers: 0,
});

let tally = zero();
let wrapped = false;

/** Calls `seen` before a method, for every object of the class. */
function wrap<T extends object>(prototype: T, method: keyof T & string, seen: () => void): void {
  const original = prototype[method] as (...given: unknown[]) => unknown;
  const counting = function (this: T, ...given: unknown[]): unknown {
    seen();
    return original.apply(this, given);
  };
  Object.defineProperty(prototype, method, { value: counting, configurable: true, writable: true });
}

/** Wrapping costs a little, so the timings of a page run before its counts; there is no way back. */
function wrapAll(): void {
  if (wrapped) return;
  wrapped = true;
  const count = (key: keyof Tally) => () => {
    tally[key]++;
  };
  wrap(GPUComputePassEncoder.prototype, "dispatchWorkgroups", count("dispatches"));
  wrap(GPUComputePassEncoder.prototype, "dispatchWorkgroupsIndirect", count("dispatches"));
  wrap(GPUCommandEncoder.prototype, "beginComputePass", count("passes"));
  wrap(GPUQueue.prototype, "submit", count("submits"));
  wrap(GPUQueue.prototype, "writeBuffer", count("writeBuffers"));
  wrap(GPUDevice.prototype, "createBindGroup", count("bindGroups"));
  wrap(GPUDevice.prototype, "createBuffer", count("buffers"));
  wrap(GPUDevice.prototype, "createComputePipeline", count("pipelines"));
  wrap(GPUDevice.prototype, "createComputePipelineAsync", count("pipelines"));
}

/** The calls made while `work` runs, divided by `steps`. */
export async function countsOf(steps: number, work: () => Promise<unknown>): Promise<Counts> {
  wrapAll();
  tally = zero();
  await work();
  const entries = Object.entries(tally).map(([key, calls]) => [key, calls / steps]);
  return Object.fromEntries(entries) as Counts;
}
