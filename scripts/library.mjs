// Builds the package: dist/lib, modules for bundlers, and dist/fall-line.js, the whole library and its worker in one file.
// Types come from tsc (tsconfig.build.json).
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { root } from "./chrome.mjs";
import { wgsl } from "./wgsl.mjs";

/** @param {string} path */
const source = (path) => join(root, "src", path);

/**
 * Keeps `new Worker(new URL("./worker.js", import.meta.url))` in the form that every bundler knows, with worker.js a file of its
 * own. Vite would make of it a hashed address that only a browser can follow.
 * @param {string} file @returns {import("vite").Plugin}
 */
function plainWorker(file) {
  return {
    name: "plain-worker",
    enforce: "pre",
    transform: (code) => code.replace(/new URL\(\s*"\.\/worker\.ts",\s*import\.meta\.url,?\s*\)/g, "__WORKER_URL__"),
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        chunk.code = chunk.code.replaceAll("__WORKER_URL__", `new URL("${file}", import.meta.url)`);
      }
    },
  };
}

/** @returns {import("vite").Plugin} */
const spawnsItself = () => ({
  name: "spawns-itself",
  enforce: "pre",
  resolveId: (id) => (id === "./spawn.ts" ? source("worker/spawn_self.ts") : undefined),
});

const common = /** @satisfies {import("vite").InlineConfig} */ ({
  root,
  configFile: false,
  logLevel: "warn",
  publicDir: false,
});

/**
 * A file a module, so that a bundler drops what is not used. The library and the entry of a user's own worker share them, and
 * with them the registries.
 */
const modules = () =>
  build({
    ...common,
    plugins: [wgsl(), plainWorker("../own_worker.js")],
    build: {
      outDir: "dist/lib",
      target: "es2022",
      minify: false,
      lib: { entry: { index: source("index.ts"), worker: source("worker/worker.ts") }, formats: ["es"] },
      rolldownOptions: {
        external: ["comlink"],
        output: { preserveModules: true, preserveModulesRoot: source(""), entryFileNames: "[name].js" },
      },
    },
  });

/**
 * One file of everything an entry needs. The library's own worker is one, because a bundler's default form for workers cannot
 * be split.
 * @param {string} entry @param {string} file @param {{ minify?: boolean, plugins?: import("vite").Plugin[] }} [options]
 */
const single = (entry, file, { minify = false, plugins = [] } = {}) =>
  build({
    ...common,
    plugins: [wgsl(), ...plugins],
    build: {
      outDir: "dist",
      emptyOutDir: false,
      target: "es2022",
      minify: false,
      lib: { entry: source(entry), formats: ["es"], fileName: () => file },
      rolldownOptions: { output: { codeSplitting: false, minify } },
    },
  });

/** The types of fall-line/node, whose module is a script. */
const NODE_TYPES = `export type * from "./cli/node.ts";
import type { OpenSession } from "./cli/node.ts";
export declare const openSession: OpenSession;
`;

/** Builds all of it anew. */
export async function buildLibrary() {
  rmSync(join(root, "dist", "lib"), { recursive: true, force: true });
  await modules();
  await single("worker/worker.ts", "lib/own_worker.js");
  await single("one_file.ts", "fall-line.js", { minify: true, plugins: [spawnsItself()] });
  writeFileSync(join(root, "dist", "lib", "node.d.ts"), NODE_TYPES);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildLibrary();
