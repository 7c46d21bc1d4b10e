// node bench/opening.mjs: how long the built page takes from its opening to its first motion, in a new headless Chrome each time.

import { join } from "node:path";
import { build, preview } from "vite";
import { root } from "../scripts/chrome.mjs";
import { prepare } from "../scripts/prepare.mjs";

const ROUNDS = 7;

/** Before the page's own code: notes when a count of steps above none has been drawn. */
const watch = () => {
  const told = /** @type {typeof globalThis & { moved?: number }} */ (globalThis);
  const look = () => {
    const at = document.getElementById("at")?.textContent ?? "0";
    if (Number.parseInt(at, 10) > 0) requestAnimationFrame(() => (told.moved ??= performance.now()));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};

/** One opening by a browser that was never there. @param {import("../scripts/chrome.mjs").Chrome} chrome @param {string} address */
async function open(chrome, address) {
  const { default: puppeteer } = await import("puppeteer");
  const browser = await puppeteer.launch({ executablePath: chrome.path, args: chrome.flags, pipe: true });
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    await page.evaluateOnNewDocument(watch);
    await page.goto(address);
    await page.waitForFunction(() => "moved" in globalThis, { polling: 50 });
    return await page.evaluate(() => {
      const { moved = 0 } = /** @type {typeof globalThis & { moved?: number }} */ (globalThis);
      const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
      return { painted, moved };
    });
  } finally {
    await browser.close();
  }
}

const chrome = prepare();
const outDir = join(root, ".cache", "opening");
const configFile = join(root, "vite.config.ts");
await build({ root, configFile, logLevel: "error", build: { outDir, emptyOutDir: true } });
const server = await preview({
  root,
  configFile,
  logLevel: "error",
  build: { outDir },
  preview: { port: 0, host: "127.0.0.1" },
});
try {
  const at = server.httpServer.address();
  const address = `http://127.0.0.1:${typeof at === "object" ? at?.port : 0}/`;
  const all = [];
  for (let i = 0; i < ROUNDS; i++) all.push(await open(chrome, address));
  for (const [what, key] of /** @type {const} */ ([
    ["first paint", "painted"],
    ["first motion", "moved"],
  ])) {
    const sorted = all.map((one) => one[key]).sort((a, b) => a - b);
    const seconds = (/** @type {number | undefined} */ ms) => `${((ms ?? 0) / 1000).toFixed(2)} s`;
    console.log(
      `${what}: ${seconds(sorted[Math.floor(ROUNDS / 2)])} (${seconds(sorted[0])} to ${seconds(sorted.at(-1))})`,
    );
  }
} finally {
  await server.close();
}
