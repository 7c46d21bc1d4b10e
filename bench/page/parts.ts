// The measurements by name, in a page or in Node. Loaded on request, so that a part's process holds no other library than the one it measures.
import type { Effort } from "../result.ts";

type Part = (effort: Effort) => Promise<unknown>;

const parts: Readonly<Record<string, () => Promise<Part>>> = {
  step: async () => (await import("./step.ts")).step,
  peers: async () => (await import("./peers.ts")).peers,
  population: async () => (await import("./populations.ts")).populations,
  "cold fall-line": async () => (await import("./cold.ts")).coldOurs,
  "cold jax-js": async () => (await import("./cold.ts")).coldJax,
  "cold TensorFlow.js": async () => (await import("./cold.ts")).coldTfjs,
  kernels: async () => (await import("./kernels.ts")).kernels,
  matmul: async () => (await import("./matmuls.ts")).matmuls,
  heap: async () => (await import("./heap.ts")).heap,
  tune: async () => (await import("./tune.ts")).tune,
  curves: async () => (await import("./curves.ts")).curves,
};

/** Takes a measurement: its result, or why there is none, as JSON. */
export async function measure(name: string, effort: Effort): Promise<string> {
  try {
    const load = parts[name];
    if (!load) throw new Error(`bench: no part ${name}`);
    return JSON.stringify({ result: await (await load())(effort) });
  } catch (error) {
    return JSON.stringify({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

/** The result in what `measure` gave; throws the error it holds. */
export function resultOf(name: string, text: string): unknown {
  const { result, error } = JSON.parse(text) as { result?: unknown; error?: string };
  if (error !== undefined) throw new Error(`${name}: ${error}`);
  return result;
}
