// openBackend(): WebGPU in this thread or in a worker, a device of the caller's own, or the CPU references.
import type { Backend } from "../backend/backend.ts";
import { type HereOptions, openHere } from "../backend/open.ts";
import { checkKeys, fail } from "../core/check.ts";

export interface BackendOptions extends HereOptions {
  /**
   * True does all the work in a worker: the same calls, the same bits, errors as they were. A Worker of your own, whose module
   * imports fall-line/worker, knows the rules and layers it defines; close() ends it.
   */
  readonly worker?: boolean | Worker;
}

/**
 * Opens a backend: "webgpu" (default) or "cpu", here or in a worker. Throws where there is no WebGPU or no adapter, saying what
 * to do; nothing falls back silently. A data set goes to a worker once, as a copy; rows of metrics come back in typed arrays, at
 * most 20 messages a second, and the worker runs ahead of who reads them by one such message at most.
 */
export async function openBackend(given: "webgpu" | "cpu" | BackendOptions = "webgpu"): Promise<Backend> {
  const options = typeof given === "string" ? { kind: given } : given;
  checkKeys("openBackend", options, ["kind", "device", "tuning", "worker"]);
  const { kind = "webgpu", worker } = options;
  if (kind !== "cpu" && kind !== "webgpu")
    fail("openBackend", `${kind} is no backend`, 'use "webgpu", "cpu" or { worker: true }');
  return worker ? (await import("./client.ts")).openWorker(options) : openHere(options);
}
