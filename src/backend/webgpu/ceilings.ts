// What an adapter can do at best, by three small kernels: multiply-adds, streaming, and one small dispatch after another.
import copyWgsl from "../../../shaders/backend/copy.wgsl?raw";
import idleWgsl from "../../../shaders/backend/idle.wgsl?raw";
import multiplyAddsWgsl from "../../../shaders/backend/multiply_adds.wgsl?raw";

/** 10^9 floating-point operations a second, 10^9 bytes a second read and written, microseconds of a small dispatch. */
export interface Ceilings {
  readonly gflops: number;
  readonly gigabytes: number;
  readonly dispatchMicros: number;
}

const THREADS = 1 << 16;
/** 8 chains x 64 trips x 4 lanes x 2. */
const FLOPS_A_THREAD = 4096;
const MOST_GROUPS = 65_535;

/** A kernel to be run over and over; `value` is the ceiling that so many passes a second show. */
export interface Yardstick {
  readonly name: keyof Ceilings;
  readonly run: (passes: number) => Promise<void>;
  readonly value: (passesPerSecond: number) => number;
}

interface Work {
  readonly code: string;
  readonly buffers: readonly GPUBuffer[];
  readonly groups: number;
  /** Dispatches in one pass. */
  readonly dispatches: number;
}

function runner(device: GPUDevice, { code, buffers, groups, dispatches }: Work): Yardstick["run"] {
  const compute = { module: device.createShaderModule({ code }), entryPoint: "main" };
  const pipeline = device.createComputePipeline({ layout: "auto", compute });
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const [x, y] = groups <= MOST_GROUPS ? [groups, 1] : [MOST_GROUPS, Math.ceil(groups / MOST_GROUPS)];
  return async (passes) => {
    for (let i = 0; i < passes; i++) {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      for (let k = 0; k < dispatches; k++) pass.dispatchWorkgroups(x, y);
      pass.end();
      device.queue.submit([encoder.finish()]);
    }
    await device.queue.onSubmittedWorkDone();
  };
}

/** The three kernels on buffers of their own; `dispose` frees them. A software adapter gets smaller ones. */
export function yardsticks(device: GPUDevice, software: boolean): { all: Yardstick[]; dispose: () => void } {
  const usage = GPUBufferUsage.STORAGE;
  const bytes = software ? 1 << 24 : 1 << 27;
  const [from, to, small] = [bytes, bytes, 16 * THREADS].map((size) => device.createBuffer({ size, usage })) as [
    GPUBuffer,
    GPUBuffer,
    GPUBuffer,
  ];
  const adds = { code: multiplyAddsWgsl, buffers: [small], groups: THREADS / 64, dispatches: software ? 1 : 64 };
  const copy = { code: copyWgsl, buffers: [to, from], groups: bytes / 16 / 256, dispatches: 1 };
  const idle = { code: idleWgsl, buffers: [small], groups: 1, dispatches: 256 };
  const all: Yardstick[] = [
    {
      name: "gflops",
      run: runner(device, adds),
      value: (rate) => (rate * adds.dispatches * THREADS * FLOPS_A_THREAD) / 1e9,
    },
    { name: "gigabytes", run: runner(device, copy), value: (rate) => (rate * 2 * bytes) / 1e9 },
    { name: "dispatchMicros", run: runner(device, idle), value: (rate) => 1e6 / (rate * idle.dispatches) },
  ];
  return { all, dispose: () => [from, to, small].forEach((buffer) => void buffer.destroy()) };
}

/** Milliseconds of a stretch that is long enough to time. */
const LONG = 50;
const ROUNDS = 3;

/** The best passes a second of a few rounds: nothing but other work on the machine makes one slower. */
async function bestRate(run: Yardstick["run"]): Promise<number> {
  const time = async (passes: number): Promise<number> => {
    const start = performance.now();
    await run(passes);
    return performance.now() - start;
  };
  let passes = 1;
  while ((await time(passes)) < LONG) passes *= 2;
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) best = Math.max(best, (1000 * passes) / (await time(passes)));
  return best;
}

/** Measures an adapter's ceilings, in about a second. */
export async function ceilings(device: GPUDevice, software: boolean): Promise<Ceilings> {
  const { all, dispose } = yardsticks(device, software);
  try {
    const found: Partial<Record<keyof Ceilings, number>> = {};
    for (const { name, run, value } of all) found[name] = value(await bestRate(run));
    return found as Ceilings;
  } finally {
    dispose();
  }
}
