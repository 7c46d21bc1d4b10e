// npm run bench: prepares what is missing, serves the bench page with vite, and measures in headless Chrome.
// Node and vite alone until the driver is loaded, because it runs before anything is installed.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../scripts/chrome.mjs";
import { EnvironmentError, preparePackages } from "../scripts/prepare.mjs";
import { openProject } from "../scripts/serve.mjs";

// Named so that vite never finds one late and reloads the page in the middle of a round.
const PEERS = [
  "@jax-js/jax",
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-core/dist/register_all_gradients",
  "@tensorflow/tfjs-backend-webgpu",
];

/** Isolated from other origins, a page has a clock of 5 us instead of 100. */
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/** Those that are there: an installed package has none, and measures alone. */
const found = PEERS.filter((name) => {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
});

const openBench = () =>
  openProject({
    vite: {
      cacheDir: join(root, ".cache", "vite-bench"),
      optimizeDeps: { noDiscovery: true, include: ["comlink", ...found] },
    },
    headers: ISOLATED,
  });

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
      rolldownOptions: {
        external: PEERS.filter((name) => !found.includes(name)),
        output: { entryFileNames: "bench.mjs", chunkFileNames: "[name].mjs" },
      },
    },
  });
  const file = join(root, "dist", "native", "bench.mjs");
  const { status } = spawnSync(process.execPath, [file, ...argv], { cwd: root, stdio: "inherit" });
  return status ?? 1;
}

/** @param {string[]} argv @returns {Promise<number>} the exit code */
async function main(argv) {
  if (argv.includes("--native")) return native(argv);
  /** @type {import("../scripts/serve.mjs").Opened | undefined} */
  let project;
  try {
    preparePackages();
    project = await openBench();
    const { services } = project;
    const serve = async () => `${await services.serve()}bench/index.html`;
    const { bench } = await project.load("/bench/driver.ts");
    return await bench(argv, { ...services, serve });
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`fall-line: ${error.message}\n`);
    return 3;
  } finally {
    await project?.close();
  }
}

process.exitCode = await main(process.argv.slice(2));
