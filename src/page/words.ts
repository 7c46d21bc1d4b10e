// What the page says about where it trains.
import type { Lack, Opened } from "./trainer/protocol.ts";

const LACKS: Readonly<Record<Lack, string>> = {
  insecure: "WebGPU needs a secure page: open this one over https or on localhost.",
  missing:
    "This browser has no WebGPU. As of April 2026 Chrome and Edge have it (from 113; on Linux from 144), " +
    "Safari from 26, Firefox on Windows from 141 and on macOS from 145.",
  adapter:
    "This browser has WebGPU but found no GPU for it: the driver may be too old or blocked. In Chrome, chrome://gpu says why.",
};

/** What to tell people without WebGPU; empty with it. */
export function lackWords({ lack, reason }: Opened): string {
  if (!lack) return "";
  const own = lack === "adapter" && reason && !reason.includes("no adapter") ? ` (${reason})` : "";
  return `${LACKS[lack]}${own} Until then the CPU trains here: the same rules, more slowly. Digits are 14 x 14 pixels and start with a small network.`;
}

/** The adapter in a line. */
export function adapterWords({ kind, adapter }: Opened): string {
  if (kind === "cpu") return "No WebGPU: trains on the CPU";
  const name = adapter.description;
  return adapter.software ? `Adapter: ${name} (software: correct, but slow)` : `Adapter: ${name}`;
}

/** An error in the page's words: the library's own, but for what only a program could do about it. */
export function errorWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name !== "DeviceLost") return error.message;
  const [what = ""] = error.message.split(";");
  return `${what.replace(/^the/, "The").replace(/\.$/, "")}.`;
}
