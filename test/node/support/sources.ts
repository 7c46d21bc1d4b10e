// The project's own files as text, for tests of how it is built.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { withoutComments } from "../../../src/kernel/source.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Paths below a folder of the project, with / and from the project's root, that end so. */
export const filesOf = (folder: string, ending: string): string[] =>
  readdirSync(root + folder, { recursive: true, encoding: "utf8" })
    .map((path) => posix.join(folder, path.replaceAll("\\", "/")))
    .filter((path) => path.endsWith(ending))
    .sort();

export const read = (path: string): string => readFileSync(root + path, "utf8");

/** Code without comments, // and block ones; strings are left, so that an import's path is still there. */
export const codeOf = (path: string): string => withoutComments(read(path).replace(/\/\*[\s\S]*?\*\//g, ""));

/** What a file imports or re-exports, static or dynamic: paths from the project's root, or packages by name. */
export function importsOf(path: string): string[] {
  const code = codeOf(path);
  const static_ = [...code.matchAll(/^\s*(?:import|export)\s(?:[^;"']*?\sfrom\s)?["']([^"']+)["']/gm)];
  const dynamic = [...code.matchAll(/\bimport\(\s*["']([^"']+)["']\s*\)/g)];
  return [...static_, ...dynamic].map(([, from = ""]) =>
    from.startsWith(".") ? posix.join(dirname(path), from.replace(/\?.*$/, "")) : from,
  );
}
