// Does the page's heap grow while training? Two forced collections with many steps between them.
import { openWebGpu } from "../../src/backend/webgpu/index.ts";
import type { Effort, HeapResult } from "../result.ts";
import { Ours } from "./ours.ts";
import { SMALL } from "./problems.ts";
import { say } from "./say.ts";

interface Collecting {
  gc?: () => void;
}

/** Bytes in use after a collection; needs --expose-gc, and in Chrome --enable-precise-memory-info. */
async function bytesInUse(): Promise<number> {
  const { gc } = globalThis as Collecting;
  if (!gc) throw new Error("heap: started without --expose-gc");
  // Callbacks of the last submits hold on to their results for a turn or two.
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    gc();
  }
  const { memory } = performance as unknown as { memory?: { usedJSHeapSize: number } };
  return memory?.usedJSHeapSize ?? process.memoryUsage().heapUsed;
}

export async function heap({ quick }: Effort): Promise<HeapResult> {
  const steps = quick ? 2000 : 10_000;
  const ours = await Ours.open(await openWebGpu(), SMALL);
  say(`heap: ${SMALL.name}, ${steps} steps`);
  await ours.run(quick ? 500 : 2000);
  const bytesBefore = await bytesInUse();
  await ours.run(steps);
  const bytesAfter = await bytesInUse();
  return { problem: SMALL.name, steps, bytesBefore, bytesAfter, bytesPerStep: (bytesAfter - bytesBefore) / steps };
}
