// A backend of this thread: WebGPU, a device of the caller's own, or the CPU references.
import type { Tuning } from "../scheduler/tuning.ts";
import type { Backend } from "./backend.ts";
import { openWebGpu } from "./webgpu/index.ts";

declare global {
  /** Named so that users without the types of WebGPU need none: with them, it is theirs. */
  interface GPUDevice {}
}

export interface HereOptions {
  /** "webgpu" by default. */
  readonly kind?: "webgpu" | "cpu";
  /** A device of the caller's own, never destroyed; for this thread only. */
  readonly device?: GPUDevice;
  /** In place of the adapter class' own table. */
  readonly tuning?: Tuning;
}

/** Opens a backend here. Throws where there is no WebGPU or no adapter, saying what to do; nothing falls back silently. */
export const openHere = async (options: HereOptions): Promise<Backend> =>
  options.kind === "cpu" ? (await import("./cpu.ts")).openCpu() : openWebGpu(options);
