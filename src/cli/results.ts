// A result's folder: JSON lines, tidy CSV, a report and the recipe; and what every result says about how it was made.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { csvCurves, csvRuns, htmlReport, jsonLines, type RaceResult } from "../report/index.ts";
import { EnvironmentProblem } from "./errors.ts";
import type { Values } from "./args.ts";
import type { Made } from "./outcome.ts";

/** `race-20260131-120000`, in local time. */
export function resultName(kind: string, date = new Date()): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${kind}-${day}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}

/** Where a result goes: DIR/NAME, or nowhere where --json was given without a place. */
export function folderOf({ out, name, json }: Values, kind: string): { name: string; folder: string | undefined } {
  const own = (name as string | undefined) ?? resultName(kind);
  const nowhere = json === true && out === undefined && name === undefined;
  return { name: own, folder: nowhere ? undefined : join((out as string | undefined) ?? "results", own) };
}

export const engineOf = (values: Values, config: Values): { backend: "webgpu" | "cpu"; headed: boolean } => ({
  backend: ((values.backend ?? config.backend) as "webgpu" | "cpu" | undefined) ?? "webgpu",
  headed: values.headed === true,
});

/** The commit the code is at, "+" where files differ from it, or "unknown" outside a git checkout. */
export function commitOf(root: string): string {
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", root, ...args], { timeout: 5000, stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
  try {
    // An installed package may lie in a checkout that is not ours.
    if (git("rev-parse", "--show-prefix") !== "") return "unknown";
    return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain", "--untracked-files=no") ? "+" : "");
  } catch {
    return "unknown";
  }
}

export function versionOf(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return version;
}

/** What a result says of the code and the browser. */
export const madeNow = (root: string, browser: string): Omit<Made, "adapter" | "software" | "numericClass"> => ({
  version: versionOf(root),
  commit: commitOf(root),
  date: new Date().toISOString(),
  browser,
});

/** Written aside and renamed, so that no half-written file is ever seen. Throws EnvironmentProblem where it cannot write. */
export function writeFileSafely(path: string, data: string | Uint8Array): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.part`, data);
    renameSync(`${path}.part`, path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new EnvironmentProblem(`${path} cannot be written (${why})`, "choose another place");
  }
}

/** The files of a result, in a folder made for them; their paths. */
export function writeResult(folder: string, result: RaceResult): string[] {
  const files = {
    "result.jsonl": jsonLines(result),
    "curves.csv": csvCurves(result),
    "runs.csv": csvRuns(result),
    "report.html": htmlReport(result),
    "recipe.json": `${JSON.stringify(result.recipe, undefined, 2)}\n`,
  };
  return Object.entries(files).map(([name, text]) => {
    writeFileSafely(join(folder, name), text);
    return join(folder, name);
  });
}
