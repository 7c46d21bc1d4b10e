// WebGPU as a backend.
import { loadTuning, type Tuning, usable } from "../../scheduler/tuning.ts";
import type { AdapterDescription, Backend } from "../backend.ts";
import { openDevice } from "./device.ts";
import { Pipelines } from "./pipelines.ts";
import { GpuProgram } from "./program.ts";
import { unlessLost } from "./readback.ts";
import { GpuStorage } from "./storage.ts";

export interface WebGpuBackend extends Backend {
  readonly kind: "webgpu";
  readonly device: GPUDevice;
  readonly pipelines: Pipelines;
}

/** The adapter class' own table. */
const tableOf = async ({ software }: AdapterDescription): Promise<Tuning> =>
  software ? (await import("../../scheduler/software.ts")).SOFTWARE : (await import("../../scheduler/gpu.ts")).GPU;

/** The table as the device can follow it: without subgroups where it has none, or numbers their lanes in another way. */
async function possible(tuning: Tuning, device: GPUDevice): Promise<Tuning> {
  if (!tuning.subgroups) return tuning;
  const { subgroupsInOrder } = await import("./subgroups.ts");
  return { ...tuning, subgroups: await subgroupsInOrder(device) };
}

/** Opens WebGPU. A caller's own device is used as it is and never destroyed; a tuning table replaces the adapter class' own. */
export async function openWebGpu(options: { device?: GPUDevice; tuning?: Tuning } = {}): Promise<WebGpuBackend> {
  const { device, adapter, lost, owned } = await openDevice(options);
  const { maxStorageBufferBindingSize: binding, maxBufferSize: buffer } = device.limits;
  const limits = { binding, buffer };
  const pipelines = new Pipelines(device);
  const own = options.tuning ?? usable(await tableOf(adapter), device.features);
  const table = await loadTuning(own);
  const [tuning] = await Promise.all([possible(table, device), table.baked && pipelines.loadBake()]);
  return {
    kind: "webgpu",
    device,
    pipelines,
    adapter,
    limits,
    lost,
    tuning,
    storage: () => new GpuStorage(device, limits, lost),
    program(program, storage, series, options) {
      const making = { device, pipelines, storage: storage as GpuStorage, lost, ...options };
      return unlessLost(GpuProgram.make(program, making, series), lost);
    },
    close() {
      if (owned) device.destroy();
    },
  };
}
