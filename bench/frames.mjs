// node bench/frames.mjs: how smoothly the page draws while it trains, by its own animation frames in headless Chrome.

import { join } from "node:path";
import { createServer } from "vite";
import { root } from "../scripts/chrome.mjs";
import { prepare } from "../scripts/prepare.mjs";

const SECONDS = 8;
const WATCHED = [
  { name: "spirals", hash: "#train?v=1&steps=100000", panels: [] },
  { name: "digits", hash: "#train?v=1&data=digits&steps=100000", panels: [] },
  {
    name: "digits, all panels",
    hash: "#train?v=1&data=digits&steps=100000",
    panels: ["pad", "layers", "weights", "confusion"],
  },
];

/** Gaps between animation frames, in the page: milliseconds. @param {number} seconds @returns {Promise<number[]>} */
const gaps = (seconds) =>
  new Promise((resolve) => {
    /** @type {number[]} */
    const found = [];
    const end = performance.now() + 1000 * seconds;
    let before = 0;
    /** @param {number} now */
    const next = (now) => {
      if (before > 0) found.push(now - before);
      before = now;
      if (now < end) requestAnimationFrame(next);
      else resolve(found);
    };
    requestAnimationFrame(next);
  });

const chrome = prepare();
const { default: puppeteer } = await import("puppeteer");
const cacheDir = join(root, ".cache", "vite-page");
const vite = await createServer({
  root,
  server: { port: 0, host: "127.0.0.1", watch: null },
  cacheDir,
  logLevel: "error",
});
await vite.listen();
const at = vite.httpServer?.address();
const port = typeof at === "object" ? at?.port : undefined;
const browser = await puppeteer.launch({ executablePath: chrome.path, args: chrome.flags, pipe: true });
try {
  for (const { name, hash, panels } of WATCHED) {
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    await page.goto(`http://127.0.0.1:${port}/${hash}`);
    await page.waitForFunction(() => document.getElementById("adapter")?.textContent?.startsWith("Adapter"));
    for (const panel of panels) await page.click(`#panel-${panel} > summary`);
    await page.click("#run");
    await page.waitForFunction(() => !document.getElementById("at")?.textContent?.startsWith("0 /"));
    const sorted = (await page.evaluate(gaps, SECONDS)).sort((a, b) => a - b);
    /** @param {number} share */
    const quantile = (share) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
    const long = sorted.filter((gap) => gap > 50).length;
    const speed = await page.$eval("#speed", (element) => element.textContent);
    console.log(
      `${name}: ${(sorted.length / SECONDS).toFixed(1)} frames/s, p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms, longest ${quantile(1)} ms, ${long} over 50 ms; ${speed} steps/s`,
    );
    await page.close();
  }
} finally {
  await browser.close();
  await vite.close();
}
