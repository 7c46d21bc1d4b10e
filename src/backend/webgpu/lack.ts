// Why there is no WebGPU here, and what to do.
import { fail } from "../../core/check.ts";

/** In Node there is none, and on a page whose address is not secure; elsewhere the browser says why. */
function hint(): string {
  const { process, isSecureContext } = globalThis as { process?: { versions?: object }; isSecureContext?: boolean };
  if (process?.versions && "node" in process.versions)
    return 'Node has none: openSession() of fall-line/node drives a Chrome, openBackend("cpu") plays the references';
  if (isSecureContext === false) return "serve the page by https, or from localhost";
  return 'open chrome://gpu to see why, or use openBackend("cpu")';
}

/** Throws that WebGPU is not available, `what` being missing. */
export const lack = (what: string): never => fail("WebGPU", `is not available here (${what})`, hint());
