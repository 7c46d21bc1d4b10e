// The start-up of the command, of fall-line/node and of the bench: vite loads TypeScript and shaders without a build step, and
// serves pages to Chrome. Vite itself is loaded when something is opened: this runs before anything is installed.

import { createReadStream } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { root } from "./chrome.mjs";
import { prepare } from "./prepare.mjs";

/**
 * @typedef {import("../src/cli/chrome.ts").Services} Services
 * @typedef {{
 *   load: (path: string) => Promise<Record<string, any>>,
 *   services: Services,
 *   close: () => Promise<void>,
 * }} Opened `load` imports a module of the project in this process
 */

/**
 * A vite server with no port and no file watcher; its pages are served only when they are asked for.
 * @param {import("vite").InlineConfig} extra
 */
async function openVite(extra) {
  const [{ createServer, isRunnableDevEnvironment }, { digitsPlugin }] = await Promise.all([
    import("vite"),
    import("./digits_plugin.mjs"),
  ]);
  const vite = await createServer({
    root,
    base: "/",
    configFile: false,
    plugins: [digitsPlugin()],
    cacheDir: join(root, ".cache", "vite-command"),
    // A user's own kernels lie where the command was called, and import "fall-line": the very modules that validate them.
    server: { middlewareMode: true, hmr: false, ws: false, watch: null, fs: { allow: [root, process.cwd()] } },
    resolve: { alias: [{ find: /^fall-line$/, replacement: join(root, "src", "index.ts") }] },
    // Named, and nothing else looked for: vite never finds one late and reloads a page in the middle of a run, and our own
    // modules stay modules where we are installed as a package.
    optimizeDeps: { noDiscovery: true, include: ["comlink"] },
    logLevel: "warn",
    clearScreen: false,
    ...extra,
  });
  const { ssr } = vite.environments;
  if (!ssr || !isRunnableDevEnvironment(ssr)) throw new Error("serve: vite's ssr environment cannot run modules");
  return { vite, ssr };
}

/**
 * Pages on a free port of this machine only.
 * @param {import("vite").ViteDevServer} vite @param {Readonly<Record<string, string>>} headers
 * @param {ReadonlyMap<string, string>} files of a user, by their addresses
 */
async function servePages(vite, headers, files) {
  const http = createHttpServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const file = files.get(request.url ?? "");
    if (file === undefined) vite.middlewares(request, response);
    // A file that breaks off ends its answer early, and the page says so.
    else pipeline(createReadStream(file), response.setHeader("content-type", "application/octet-stream"), () => {});
  });
  await new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(0, "127.0.0.1", () => resolve(undefined));
  });
  const address = http.address();
  if (!address || typeof address === "string") throw new Error("serve: the page server has no port");
  const close = () => {
    http.close();
    http.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${address.port}/`, close };
}

/**
 * Opens the project in this process. Chrome is prepared, and a port taken, when they are first asked for.
 * @param {{ vite?: import("vite").InlineConfig, headers?: Readonly<Record<string, string>> }} [options]
 * @returns {Promise<Opened>}
 */
export async function openProject({ vite: extra = {}, headers = {} } = {}) {
  const { vite, ssr } = await openVite(extra);
  /** @type {Map<string, string>} */
  const files = new Map();
  /** @type {Services["offer"]} */
  const offer = (path, at) => void files.set(`/${at}`, path);
  /** @type {ReturnType<typeof servePages> | undefined} */
  let pages;
  const serve = async () => {
    pages ??= servePages(vite, headers, files);
    return (await pages).url;
  };
  const close = async () => {
    await pages?.then(({ close }) => close());
    await vite.close();
  };
  return { load: (path) => ssr.runner.import(path), services: { root, chrome: prepare, serve, offer }, close };
}
