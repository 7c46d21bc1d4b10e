// Makes the library's own worker, in the one form that bundlers follow.
import { WORKER_NAME } from "./protocol.ts";

export const spawn = (): Worker =>
  new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: WORKER_NAME });
