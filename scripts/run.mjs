// Runs src/cli/main.ts without a build step: vite loads the TypeScript and the shaders, and serves pages to Chrome.

import { createServer as createHttpServer } from "node:http";
import { join } from "node:path";
import { EnvironmentError, prepare, preparePackages } from "./prepare.mjs";
import { root } from "./chrome.mjs";

/** A vite server with no port and no file watcher; its pages are served only when the command asks for them. */
async function openVite() {
  const { createServer, isRunnableDevEnvironment } = await import("vite");
  // A user's own kernels lie where the command was called, and import "fall-line": the very modules that validate them.
  const fs = { allow: [root, process.cwd()] };
  const server = { middlewareMode: true, hmr: false, ws: /** @type {const} */ (false), watch: null, fs };
  const resolve = { alias: [{ find: /^fall-line$/, replacement: join(root, "src", "index.ts") }] };
  const vite = await createServer({ root, server, resolve, logLevel: "warn", clearScreen: false });
  const { ssr } = vite.environments;
  if (!ssr || !isRunnableDevEnvironment(ssr)) throw new Error("run: vite's ssr environment cannot run modules");
  return { vite, ssr };
}

/**
 * Serves the project's pages on a free port of this machine only.
 * @param {import("vite").ViteDevServer} vite
 * @returns {Promise<{ url: string, close: () => void }>}
 */
async function servePages(vite) {
  const http = createHttpServer(vite.middlewares);
  await new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(0, "127.0.0.1", () => resolve(undefined));
  });
  const address = http.address();
  if (!address || typeof address === "string") throw new Error("run: the page server has no port");
  const close = () => {
    http.close();
    http.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${address.port}/`, close };
}

/**
 * Runs the command with these arguments and returns its exit code. Installs packages first where they are missing;
 * Chrome is prepared when the command first asks for it.
 * @param {string[]} argv @returns {Promise<number>}
 */
export async function run(argv) {
  // `fall-line race --json | head` closes our stdout early; that is no error.
  process.stdout.on("error", (error) => {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EPIPE") throw error;
  });
  /** @type {(() => unknown)[]} */
  const closing = [];
  try {
    preparePackages();
    const { vite, ssr } = await openVite();
    closing.push(() => vite.close());
    /** @type {Promise<{ url: string, close: () => void }> | undefined} */
    let pages;
    const serve = async () => {
      pages ??= servePages(vite);
      const { url, close } = await pages;
      closing.unshift(close);
      return url;
    };
    const { main } = await ssr.runner.import("/src/cli/main.ts");
    return await main(argv, { root, chrome: prepare, serve });
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`fall-line: ${error.message}\n`);
    return 3;
  } finally {
    for (const close of closing) await close();
  }
}
