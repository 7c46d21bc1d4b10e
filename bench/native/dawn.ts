// WebGPU in Node: Dawn, by the npm package `webgpu` (an optional peer) or by DAWN_NODE, the path of a dawn.node.
import { createRequire } from "node:module";
import { fail } from "../../src/core/check.ts";

interface Dawn {
  readonly create: (options: string[]) => GPU;
  readonly globals: object;
}

async function load(): Promise<Dawn> {
  const path = process.env.DAWN_NODE;
  if (path) return createRequire(import.meta.url)(path) as Dawn;
  const name = "webgpu";
  try {
    return (await import(/* @vite-ignore */ name)) as Dawn;
  } catch {
    return fail(
      "bench --native",
      "found no Dawn: neither the package webgpu nor DAWN_NODE",
      "npm install --no-save webgpu, or set DAWN_NODE to the path of a dawn.node",
    );
  }
}

/** Puts navigator.gpu and the WebGPU classes in place, as a browser has them. */
export async function openDawn(): Promise<void> {
  const { create, globals } = await load();
  Object.assign(globalThis, globals);
  // Checks of the calls' arguments stay on, as in a browser; names are kept for the profiler's and the errors' sake.
  // Timestamps are not rounded to 65 us, as a browser rounds them for its pages' sake.
  const gpu = create(["disable-dawn-features=timestamp_quantization"]);
  Object.defineProperty(globalThis, "navigator", {
    value: { gpu, userAgent: `Node ${process.versions.node}`, hardwareConcurrency: 1, language: "en" },
    configurable: true,
  });
}
