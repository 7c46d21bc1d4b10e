import { fileURLToPath } from "node:url";
import { defineConfig, type UserConfig } from "vite";
import { digitsPlugin } from "./scripts/digits_plugin.mjs";
import { policy } from "./scripts/policy.mjs";
import { wgsl } from "./scripts/wgsl.mjs";

const root = fileURLToPath(new URL(".", import.meta.url));

const page: UserConfig = {
  plugins: [wgsl(), digitsPlugin(), policy()],
  build: { outDir: "dist/page", target: "es2022", emptyOutDir: true },
};

export default defineConfig({
  root,
  base: "./",
  worker: { format: "es", plugins: () => [wgsl()] },
  // Named here so that vite never finds it late and reloads a page in the middle of a run.
  optimizeDeps: {
    include: ["comlink", "preact", "preact/hooks", "preact/jsx-runtime", "@preact/signals", "uplot", "d3-contour"],
  },
  ...page,
});
