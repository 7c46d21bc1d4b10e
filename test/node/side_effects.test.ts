// Bundlers drop a module that is imported for what it does, unless package.json says that it does something.
import { join } from "node:path";
import { expect, test } from "vitest";
import { filesOf, read } from "./support/sources.ts";

const { sideEffects } = JSON.parse(read("package.json")) as { sideEffects: string[] };

/** What is imported without a name; an index only names others, which are used by their names too. */
const bare = filesOf("src", ".ts").flatMap((path) =>
  [...read(path).matchAll(/^import "(\.[^"]+\.ts)";/gm)]
    .map(([, to = ""]) => join(path, "..", to))
    .filter((to) => !to.endsWith("/index.ts")),
);

const told = (path: string): boolean =>
  sideEffects.some((glob) => new RegExp(`^${glob.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}$`).test(`./${path}`));

test("every module imported for what it does is told to bundlers, as a source and as built", () => {
  expect(bare).toContain("src/ops/matmul_wide.ts");
  const both = bare.flatMap((path) => [path, path.replace(/^src/, "dist/lib").replace(/\.ts$/, ".js")]);
  expect(both.filter((path) => !told(path))).toEqual([]);
});
