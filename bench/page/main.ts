// The bench page: runs one part on request and hands its result to the driver.
import type { Effort } from "../result.ts";

type Measure = (effort: Effort) => Promise<unknown>;

// Loaded on request, so that a part's page holds no other library than the one it measures.
const parts: Readonly<Record<string, () => Promise<Measure>>> = {
  step: async () => (await import("./step.ts")).step,
  peers: async () => (await import("./peers.ts")).peers,
  population: async () => (await import("./populations.ts")).populations,
  "cold fall-line": async () => (await import("./cold.ts")).coldOurs,
  "cold jax-js": async () => (await import("./cold.ts")).coldJax,
  "cold TensorFlow.js": async () => (await import("./cold.ts")).coldTfjs,
  kernels: async () => (await import("./kernels.ts")).kernels,
  heap: async () => (await import("./heap.ts")).heap,
  curves: async () => (await import("./curves.ts")).curves,
};

export interface Page {
  /** Given by the driver. */
  benchDone?: (text: string) => Promise<void>;
  /** Called by the driver; comes back at once. */
  benchStart?: (part: string, effort: Effort) => void;
}

const page = globalThis as Page;

async function measure(part: string, effort: Effort): Promise<string> {
  try {
    const load = parts[part];
    if (!load) throw new Error(`bench: no part ${part}`);
    return JSON.stringify({ result: await (await load())(effort) });
  } catch (error) {
    return JSON.stringify({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

page.benchStart = (part, effort) => {
  void measure(part, effort).then((text) => page.benchDone?.(text));
};
