// The built page as plain files, its workers counting the GPU buffers they hold.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { build } from "vite";
import { root } from "../../scripts/chrome.mjs";

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".bin": "application/octet-stream",
};

/** Put before a worker's own code: buffers made and not destroyed, by number and bytes, and steps' submissions. */
const COUNTER = `
globalThis.held = { buffers: 0, bytes: 0, submits: 0 };
if (globalThis.GPUDevice) {
  const [make, drop, submit] = [GPUDevice.prototype.createBuffer, GPUBuffer.prototype.destroy, GPUQueue.prototype.submit];
  const alive = new WeakSet();
  GPUDevice.prototype.createBuffer = function (...given) {
    const buffer = make.apply(this, given);
    alive.add(buffer);
    held.buffers++;
    held.bytes += buffer.size;
    return buffer;
  };
  GPUBuffer.prototype.destroy = function () {
    if (alive.delete(this)) {
      held.buffers--;
      held.bytes -= this.size;
    }
    return drop.call(this);
  };
  GPUQueue.prototype.submit = function (...given) {
    held.submits++;
    return submit.apply(this, given);
  };
}
`;

/** Builds the page and serves it. @returns {Promise<{ address: string, close: () => void }>} */
export async function openSite() {
  const outDir = join(root, ".cache", "soak");
  const configFile = join(root, "vite.config.ts");
  await build({ root, configFile, logLevel: "error", build: { outDir, emptyOutDir: true } });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const path = normalize(pathname === "/" ? "index.html" : pathname);
    const head = /worker[^/]*\.js$/.test(path) ? Buffer.from(COUNTER) : Buffer.alloc(0);
    readFile(join(outDir, path)).then(
      (bytes) =>
        response
          .writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/plain" })
          .end(Buffer.concat([head, bytes])),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const at = server.address();
  if (!at || typeof at === "string") throw new Error("soak: the server has no port");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { address: `http://127.0.0.1:${at.port}/`, close };
}
