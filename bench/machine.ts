// On what it was measured.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import type { Machine } from "./result.ts";

/** The commit, with "+" where the tree differs from it; empty outside a repository. */
function commitOf(root: string): string {
  const git = (...args: string[]): string => {
    return execFileSync("git", args, { cwd: root, stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
  };
  try {
    const differs = git("status", "--porcelain", "--", ".", ":!bench/results") !== "";
    return `${git("rev-parse", "--short", "HEAD")}${differs ? "+" : ""}`;
  } catch {
    return "";
  }
}

/** Where it runs ("Chrome 131.0", "Node 20.19.0, Dawn"), and on what. */
export interface Host {
  readonly browser: string;
  readonly adapter: {
    readonly vendor: string;
    readonly architecture: string;
    readonly device?: string;
    readonly description: string;
    readonly software: boolean;
  };
}

export function machineOf(root: string, { browser, adapter }: Host, quick: boolean): Machine {
  const { version: own } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const { vendor, architecture, device, description, software } = adapter;
  const processors = cpus();
  return {
    version: own,
    commit: commitOf(root),
    date: new Date().toISOString(),
    browser,
    adapter: [vendor, architecture, device, description].filter(Boolean).join(" ") || "unnamed",
    software,
    cores: processors.length,
    cpu: processors[0]?.model ?? "",
    load: loadavg().map((load) => Number(load.toFixed(2))),
    node: process.versions.node,
    quick,
  };
}
