import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin, type UserConfig } from "vite";
import { digitsPlugin } from "./scripts/digits_plugin.mjs";
import { policy } from "./scripts/policy.mjs";
import { wgsl } from "./scripts/wgsl.mjs";

const root = fileURLToPath(new URL(".", import.meta.url));
const index = `${root}src/index.ts`;
const worker = `${root}src/worker/worker.ts`;

const page: UserConfig = {
  plugins: [wgsl(), digitsPlugin(), policy()],
  build: { outDir: "dist/page", target: "es2022", emptyOutDir: true },
};

/**
 * Keeps the library's `new Worker(new URL("./worker.js", import.meta.url))` in the form that every bundler knows, with
 * worker.js an entry of its own. Vite would inline a hashed address that only a browser can follow.
 */
function plainWorker(): Plugin {
  return {
    name: "plain-worker",
    enforce: "pre",
    transform(code) {
      return code.replace(/new URL\(\s*"[^"]*\/worker\.ts",\s*import\.meta\.url,?\s*\)/g, "__WORKER_URL__");
    },
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        chunk.code = chunk.code.replaceAll("__WORKER_URL__", 'new URL("./worker.js", import.meta.url)');
      }
    },
  };
}

// The library: ES modules, types by tsc (tsconfig.build.json). Comlink stays an import of the user's own.
const library: UserConfig = {
  plugins: [wgsl(), plainWorker()],
  build: {
    outDir: "dist/lib",
    target: "es2022",
    minify: false,
    emptyOutDir: true,
    copyPublicDir: false,
    lib: { entry: existsSync(worker) ? { index, worker } : { index }, formats: ["es"] },
    rolldownOptions: { external: ["comlink"], output: { chunkFileNames: "[name].js" } },
  },
};

export default defineConfig(({ mode }) => ({
  root,
  base: "./",
  worker: { format: "es", plugins: () => [wgsl()] },
  // Named here so that vite never finds it late and reloads a page in the middle of a run.
  optimizeDeps: {
    include: ["comlink", "preact", "preact/hooks", "preact/jsx-runtime", "@preact/signals", "uplot", "d3-contour"],
  },
  ...(mode === "lib" ? library : page),
}));
