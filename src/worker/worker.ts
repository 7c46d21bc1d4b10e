// The worker's entry, and fall-line/worker: import it in a worker of your own to give it rules and layers of your own.
import { expose } from "comlink";
import { host } from "./host.ts";
import { families } from "./known.ts";

/** Named, so that every module of the families stays in the bundle. */
export const known: readonly object[] = families;

expose(host);
