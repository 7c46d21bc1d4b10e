// openBackend(): WebGPU, a device of the caller's own, or the CPU references.
import { fail } from "../core/check.ts";
import type { Tuning } from "../scheduler/tuning.ts";
import type { Backend } from "./backend.ts";
import { openWebGpu } from "./webgpu/index.ts";

/**
 * Opens a backend: "webgpu" (default) or "cpu". With `device` a GPUDevice of the caller's is used, and never destroyed.
 * Throws where there is no WebGPU or no adapter, saying what to do; nothing falls back silently.
 */
export async function openBackend(
  kind: "webgpu" | "cpu" | { readonly device?: GPUDevice; readonly tuning?: Tuning } = "webgpu",
): Promise<Backend> {
  if (kind === "cpu") return (await import("./cpu.ts")).openCpu();
  if (kind === "webgpu") return openWebGpu();
  if (typeof kind !== "object")
    fail("openBackend", `${String(kind)} is no backend`, 'use "webgpu", "cpu" or { device }');
  return openWebGpu(kind);
}
