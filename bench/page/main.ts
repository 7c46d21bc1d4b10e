// The bench page: runs one part on request and hands its result to the driver.
import type { Effort } from "../result.ts";

type Measure = (effort: Effort) => Promise<unknown>;

const parts: Readonly<Record<string, () => Promise<Measure>>> = {
  peers: async () => (await import("./peers.ts")).peers,
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
