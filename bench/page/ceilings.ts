// What the adapter can do at best: multiply-adds, streaming, small dispatches. Kernels of our own, measured before all others.
import copyWgsl from "../shaders/copy.wgsl?raw";
import fmaWgsl from "../shaders/fma.wgsl?raw";
import idleWgsl from "../shaders/idle.wgsl?raw";
import { type CeilingResult, type Effort, roundsOf } from "../result.ts";
import { alone, type RunSteps } from "./clock.ts";

const THREADS = 1 << 16;
/** 8 chains x 64 trips x 4 lanes x 2. */
const FLOPS_A_THREAD = 4096;
const MOST_GROUPS = 65_535;

interface Dispatched {
  readonly code: string;
  readonly buffers: readonly GPUBuffer[];
  readonly groups: number;
  /** Dispatches in one pass; a step of the clock is one pass. */
  readonly passes: number;
}

/** A pass of dispatches of one kernel, two submits in flight. */
function runnerOf(device: GPUDevice, { code, buffers, groups, passes }: Dispatched): RunSteps {
  const pipeline = device.createComputePipeline({
    layout: "auto",
    compute: { module: device.createShaderModule({ code }), entryPoint: "main" },
  });
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const [x, y] = groups <= MOST_GROUPS ? [groups, 1] : [MOST_GROUPS, Math.ceil(groups / MOST_GROUPS)];
  return async (steps) => {
    for (let i = 0; i < steps; i++) {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      for (let k = 0; k < passes; k++) pass.dispatchWorkgroups(x as number, y as number);
      pass.end();
      device.queue.submit([encoder.finish()]);
    }
    await device.queue.onSubmittedWorkDone();
    return [];
  };
}

export async function ceilings(
  device: GPUDevice,
  { quick, rounds }: Effort,
  software: boolean,
): Promise<CeilingResult> {
  const effort: Effort = { quick, rounds, seconds: quick ? 0.1 : 0.5 };
  const usage = GPUBufferUsage.STORAGE;
  const bytes = software ? 1 << 24 : 1 << 27;
  const [from, to, small] = [bytes, bytes, 16 * THREADS].map((size) => device.createBuffer({ size, usage }));
  const rate = async (dispatched: Dispatched): Promise<readonly number[]> => {
    const { stepsPerSecond } = await alone(runnerOf(device, dispatched), effort);
    return stepsPerSecond.raw.map((each) => each * dispatched.passes);
  };
  const fma = await rate({ code: fmaWgsl, buffers: [small!], groups: THREADS / 64, passes: software ? 1 : 64 });
  const copy = await rate({ code: copyWgsl, buffers: [to!, from!], groups: bytes / 16 / 256, passes: 1 });
  const idle = await rate({ code: idleWgsl, buffers: [small!], groups: 1, passes: 256 });
  for (const buffer of [from, to, small]) buffer!.destroy();
  return {
    gflops: roundsOf(fma.map((each) => (each * THREADS * FLOPS_A_THREAD) / 1e9)),
    copyGBs: roundsOf(copy.map((each) => (each * 2 * bytes) / 1e9)),
    dispatchMicros: roundsOf(idle.map((each) => 1e6 / each)),
  };
}
