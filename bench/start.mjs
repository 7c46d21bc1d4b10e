// npm run bench: prepares what is missing, serves the bench page with vite, and measures in headless Chrome.
// Node and vite alone until the driver is loaded, because it runs before anything is installed.

import { spawnSync } from "node:child_process";
import { createServer as createHttpServer } from "node:http";
import { join } from "node:path";
import { root } from "../scripts/chrome.mjs";
import { EnvironmentError, prepare, preparePackages } from "../scripts/prepare.mjs";

// Named so that vite never finds one late and reloads the page in the middle of a round.
const PEERS = [
  "@jax-js/jax",
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-core/dist/register_all_gradients",
  "@tensorflow/tfjs-backend-webgpu",
];

async function openVite() {
  const { createServer, isRunnableDevEnvironment } = await import("vite");
  const vite = await createServer({
    root,
    base: "/",
    cacheDir: join(root, ".cache", "vite-bench"),
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { include: PEERS },
    logLevel: "warn",
    clearScreen: false,
  });
  const { ssr } = vite.environments;
  if (!ssr || !isRunnableDevEnvironment(ssr)) throw new Error("bench: vite's ssr environment cannot run modules");
  return { vite, ssr };
}

/**
 * Pages on a free port of this machine only, isolated from other origins: that gives a clock of 5 us instead of 100.
 * @param {import("vite").ViteDevServer} vite
 */
async function servePages(vite) {
  const http = createHttpServer((request, response) => {
    response.setHeader("cross-origin-opener-policy", "same-origin");
    response.setHeader("cross-origin-embedder-policy", "require-corp");
    vite.middlewares(request, response);
  });
  await new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(0, "127.0.0.1", () => resolve(undefined));
  });
  const address = http.address();
  if (!address || typeof address === "string") throw new Error("bench: the page server has no port");
  const close = () => {
    http.close();
    http.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${address.port}/bench/index.html`, close };
}

/**
 * Bundles the bench for Node into dist/native and runs it there; the folder runs by itself on a machine that has Node and Dawn
 * alone: node dist/native/bench.mjs.
 * @param {string[]} argv @returns {Promise<number>} the exit code
 */
async function native(argv) {
  preparePackages();
  const [{ build }, { wgsl }] = await Promise.all([import("vite"), import("../scripts/wgsl.mjs")]);
  await build({
    root,
    configFile: false,
    plugins: [wgsl()],
    logLevel: "warn",
    ssr: { noExternal: true },
    build: {
      ssr: "bench/native/main.ts",
      outDir: "dist/native",
      emptyOutDir: true,
      copyPublicDir: false,
      target: "es2022",
      rolldownOptions: { output: { entryFileNames: "bench.mjs", chunkFileNames: "[name].mjs" } },
    },
  });
  const file = join(root, "dist", "native", "bench.mjs");
  const { status } = spawnSync(process.execPath, [file, ...argv], { cwd: root, stdio: "inherit" });
  return status ?? 1;
}

/** @param {string[]} argv @returns {Promise<number>} the exit code */
async function main(argv) {
  if (argv.includes("--native")) return native(argv);
  /** @type {(() => unknown)[]} */
  const closing = [];
  try {
    preparePackages();
    const { vite, ssr } = await openVite();
    closing.unshift(() => vite.close());
    const serve = async () => {
      const { url, close } = await servePages(vite);
      closing.unshift(close);
      return url;
    };
    const { bench } = await ssr.runner.import("/bench/driver.ts");
    return await bench(argv, { root, chrome: prepare, serve });
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`fall-line: ${error.message}\n`);
    return 3;
  } finally {
    for (const close of closing) await close();
  }
}

process.exitCode = await main(process.argv.slice(2));
