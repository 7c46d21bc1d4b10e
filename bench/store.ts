// The files of a bench: results as JSON, the same as a page, and the table in the README.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fail } from "../src/core/check.ts";
import { page } from "./html.ts";
import { type BenchResult, type Machine, SCHEMA, type TuneResult } from "./result.ts";
import { intoReadme, table } from "./table.ts";

const folderOf = (root: string): string => join(root, "bench", "results");

/** An adapter's name as a file name, without its driver's version: results of a newer driver replace those of an older one. */
const slug = (adapter: string): string =>
  adapter
    .replace(/(\S+: ?)?\b\d+(\.\d+){2,}/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 60);

export const fileOf = (root: string, { adapter, quick }: Machine): string =>
  join(folderOf(root), `${slug(adapter)}${quick ? "-quick" : ""}.json`);

/** The results of a file, or undefined where there is none of this schema. */
export function readResult(file: string): BenchResult | undefined {
  if (!existsSync(file)) return undefined;
  const result = JSON.parse(readFileSync(file, "utf8")) as BenchResult;
  return result.schema === SCHEMA ? result : undefined;
}

export function writeResult(file: string, result: BenchResult): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(result, null, 1)}\n`);
  writeFileSync(file.replace(/\.json$/, ".html"), page(result));
}

/** A tuning table beside the results of its adapter; its file. */
export function writeTuning(root: string, machine: Machine, { tuning, scored }: TuneResult): string {
  const file = fileOf(root, { ...machine, quick: false }).replace(/\.json$/, ".tuning.json");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(tuning, null, 1)}\n`);
  writeFileSync(file.replace(/\.json$/, ".measured.json"), `${JSON.stringify({ machine, scored }, null, 1)}\n`);
  return file;
}

/** Full results of every adapter into the README; says what it did. Throws where there are none, or no markers. */
export function writeReadme(root: string): string {
  const folder = folderOf(root);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^[^.]*(?<!-quick)\.json$/.test(name)) : [];
  const results = names.sort().flatMap((name) => readResult(join(folder, name)) ?? []);
  if (results.length === 0) fail("bench", `no results in ${folder}`, "run npm run bench first");
  const readme = join(root, "README.md");
  writeFileSync(readme, intoReadme(readFileSync(readme, "utf8"), results.map(table).join("\n")));
  return `README.md now has the table of ${results.map(({ machine }) => machine.adapter).join(", ")}`;
}
