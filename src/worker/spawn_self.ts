// In place of spawn.ts in the build of one file, which holds both sides: the worker is made of that very file.
import { WORKER_NAME } from "./protocol.ts";

/** A worker must come from the page's own origin; one from elsewhere is imported by a worker of one line. */
function address(): string {
  const own = import.meta.url;
  if (new URL(own).origin === location.origin) return own;
  return URL.createObjectURL(new Blob([`import ${JSON.stringify(own)};`], { type: "text/javascript" }));
}

export const spawn = (): Worker => new Worker(address(), { type: "module", name: WORKER_NAME });
