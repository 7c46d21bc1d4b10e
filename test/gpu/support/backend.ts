// One WebGPU backend for all GPU tests of the page: pipelines are made once. A new one is opened when the device was lost.
import { afterAll, expect } from "vitest";
import { openWebGpu, type WebGpuBackend } from "../../../src/backend/webgpu/index.ts";

const uncaptured: string[] = [];
let shared: Promise<WebGpuBackend> | undefined;

/** A backend of the test's own, watched for uncaptured errors like the shared one. */
export async function freshBackend(): Promise<WebGpuBackend> {
  const backend = await openWebGpu();
  backend.device.addEventListener("uncapturederror", ({ error }) => uncaptured.push(error.message));
  return backend;
}

export function sharedBackend(): Promise<WebGpuBackend> {
  if (shared) return shared;
  const made = freshBackend();
  shared = made;
  void made
    .then(({ device }) => device.lost)
    .then(() => {
      if (shared === made) shared = undefined;
    });
  return made;
}

/** Fails the file where an error of WebGPU reached nobody. Every file of GPU tests calls it once. */
export function expectNoUncapturedErrors(): void {
  afterAll(async () => {
    const backend = await shared;
    await backend?.device.queue.onSubmittedWorkDone();
    expect(uncaptured.splice(0)).toEqual([]);
  });
}
