// fall-line bench: hands its flags to bench/start.mjs, which measures in a browser or in Node of its own.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { noPositionals, type Parsed, written } from "./args.ts";
import type { Services } from "./chrome.ts";
import { benchFlags } from "./flags.ts";

/** The flags as they were written. */
const argumentsOf = ({ values }: Parsed): string[] =>
  benchFlags.flatMap((flag) => {
    const value = values[flag.name];
    if (value === undefined || value === false) return [];
    return value === true ? [written(flag)] : [written(flag), String(value)];
  });

/** Its exit code is the bench's own: 0 fine, 1 a part failed, 2 usage, 3 no Chrome, adapter or Dawn. */
export function benchVerb(parsed: Parsed, { root }: Services): Promise<number> {
  noPositionals("bench", parsed);
  return new Promise((resolve, reject) => {
    const args = [join(root, "bench", "start.mjs"), ...argumentsOf(parsed)];
    const child = spawn(process.execPath, args, { stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 130));
  });
}
