// npm run soak [-- --minutes N]: trains on the built page in headless Chrome and looks whether it keeps memory. Half of the time
// is one training of the digits, half is short ones with landscapes and races between. Exit code 1 where anything grows.

import { parseArgs } from "node:util";
import { root } from "../../scripts/chrome.mjs";
import { describe, prepare } from "../../scripts/prepare.mjs";
import { prepareDigits } from "../../scripts/digits.mjs";
import { openProject } from "../../scripts/serve.mjs";
import { openSite } from "./site.mjs";
import { trendOf } from "./trend.mjs";

/**
 * @typedef {import("puppeteer").Page} Page
 * @typedef {import("puppeteer").CDPSession} CDPSession
 * @typedef {{ steps: number, page: number, worker: number, buffers: number, bytes: number, nodes: number, listeners: number }} Look
 *   heaps and buffers in bytes
 * @typedef {typeof globalThis & { held: { buffers: number, bytes: number } }} Counting
 */

/** Seconds between looks. */
const BETWEEN = 3;
/** Of a part's looks, those it takes to warm up: code is compiled and caches are filled. */
const WARM = 1 / 3;
/** Looks a part has, however slow the machine: a trend wants 8 of them after the warm-up. */
const LEAST = 12;
/** Code stays as it was first compiled, so that a heap's size is what is kept: an engine goes on translating for hours. */
const STEADY = "--js-flags=--no-opt,--no-maglev,--no-sparkplug,--no-flush-bytecode";
const LONG = "#train?v=1&data=digits&steps=100000";
const SHORT = "#train?v=1&data=digits&steps=40";
const RACE = "#race?v=1&data=moons&optimizers=sgd+0.1,+adam+0.01&seeds=2&steps=60";

const sleep = (/** @type {number} */ seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
const mib = (/** @type {number} */ bytes) => `${(bytes / 2 ** 20).toFixed(2)} MiB`;

/**
 * Bytes of a heap after everything that can be collected is, arrays' bytes outside of it too. Not of the browser's own objects: it
 * keeps a timeline of paints and more of its own, and what a script holds of them has its place in the heap, or is counted as nodes.
 * @param {CDPSession} session
 */
async function heapOf(session) {
  let least = Number.POSITIVE_INFINITY;
  // What runs meanwhile has litter of its own: the least of a few.
  for (let i = 0; i < 4; i++) {
    await session.send("HeapProfiler.collectGarbage");
    const used = /** @type {Record<string, number>} */ (
      /** @type {unknown} */ (await session.send("Runtime.getHeapUsage"))
    );
    least = Math.min(least, (used.usedSize ?? 0) + (used.backingStorageSize ?? 0));
  }
  return least;
}

class Soak {
  /** @type {Page} */ #page;
  /** @type {CDPSession} */ #session;
  /** Of trainings that are over, and whether one is under way. */
  #steps = 0;
  #open = false;

  /** @param {Page} page @param {CDPSession} session */
  constructor(page, session) {
    this.#page = page;
    this.#session = session;
  }

  /** @param {string} hash @param {string} id */
  async visit(hash, id) {
    await this.#page.evaluate((wanted) => {
      location.hash = wanted;
    }, hash);
    await this.#until((of) => document.getElementById(of) !== null, id);
  }

  /**
   * Waits without a handle left over: the inspector keeps what one points to, and a node keeps the whole view it was in.
   * @param {(given: string) => boolean} holds run in the page @param {string} given
   */
  async #until(holds, given) {
    await (await this.#page.waitForFunction(holds, {}, given)).dispose();
  }

  /** @param {readonly string[]} wanted */
  async phase(wanted) {
    const names = [...wanted, "failed"];
    await this.#until(
      (all) => all.split(" ").includes(document.documentElement.dataset.phase ?? "none"),
      names.join(" "),
    );
    const error = await this.#page.evaluate(() => document.getElementById("error")?.textContent);
    if (error) throw new Error(`soak: the page says: ${error}`);
  }

  /** Steps of the training that the view shows. */
  async #shown() {
    const words = await this.#page.$eval("#at", (at) => at.textContent ?? "");
    return Number(words.split(" / ")[0]?.replaceAll(",", ""));
  }

  async #begin() {
    await this.#page.click("#reset");
    await this.#page.click("#run");
    this.#open = true;
  }

  async #end() {
    if (this.#open) this.#steps += await this.#shown();
    this.#open = false;
  }

  /** Goes on in one training; begins another where it has ended. */
  async long() {
    const now = await this.#page.evaluate(() => document.documentElement.dataset.phase);
    if (!this.#open || now === "finished") {
      await this.#end();
      await this.visit(LONG, "at");
      await this.#begin();
      await this.phase(["running"]);
    }
    await sleep(BETWEEN);
  }

  /** A landscape's descent, a race, and a short training to its end. */
  async short() {
    await this.#end();
    await this.visit("#landscape", "play");
    await this.#page.click("#play");
    await sleep(0.5);
    await this.visit(RACE, "race-run");
    await this.#page.click("#race-run");
    await this.#until((of) => document.getElementById(of)?.textContent?.startsWith("Finished") ?? false, "race-status");
    await this.visit(SHORT, "at");
    await this.#begin();
    await this.phase(["finished"]);
    await this.#end();
  }

  /** What is held now. @returns {Promise<Look>} */
  async look() {
    const steps = this.#steps + (this.#open ? await this.#shown() : 0);
    const page = await heapOf(this.#session);
    const { nodes, jsEventListeners: listeners } = await this.#session.send("Memory.getDOMCounters");
    const look = { steps, page, worker: 0, buffers: 0, bytes: 0, nodes, listeners };
    for (const worker of this.#page.workers()) {
      look.worker += await heapOf(worker.client);
      const held = await worker.evaluate(() => /** @type {Counting} */ (globalThis).held);
      look.buffers += held.buffers;
      look.bytes += held.bytes;
    }
    return look;
  }
}

const words = (/** @type {Look} */ { steps, page, worker, buffers, bytes, nodes, listeners }) =>
  `step ${steps}: page ${mib(page)}, ${nodes} nodes, ${listeners} listeners, workers ${mib(worker)}, ${buffers} GPU buffers of ${mib(bytes)}`;

/** @type {readonly ["buffers" | "nodes" | "listeners", string][]} */
const COUNTED = [
  ["buffers", "GPU buffers"],
  ["nodes", "page's nodes"],
  ["listeners", "page's listeners"],
];

/**
 * Looks again and again for so many seconds, and often enough; a progress line all the while, a line a minute.
 * @param {string} name @param {number} seconds @param {() => Promise<void>} act @param {() => Promise<Look>} look
 */
async function part(name, seconds, act, look) {
  /** @type {Look[]} */
  const looks = [];
  const begun = performance.now();
  for (let minute = 0, at = 0; at < seconds || looks.length < LEAST; at = (performance.now() - begun) / 1000) {
    await act();
    looks.push(await look());
    const line = `${name}, ${Math.round(at)} of ${seconds} s: ${words(/** @type {Look} */ (looks.at(-1)))}`;
    if (process.stderr.isTTY) process.stderr.write(`\r${line}\x1b[K`);
    if (at < 60 * minute) continue;
    process.stdout.write(`${process.stderr.isTTY ? "\r\x1b[K" : ""}${line}\n`);
    minute++;
  }
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  return looks;
}

/** What a part came to: words, and whether anything grew. @param {string} name @param {readonly Look[]} all */
function judge(name, all) {
  const looks = all.slice(Math.floor(all.length * WARM));
  const lines = ["page", "worker", "bytes"].map((what) => {
    const key = /** @type {"page" | "worker" | "bytes"} */ (what);
    const { slope, error, growth, grows } = trendOf(looks.map((one) => ({ at: one.steps, value: one[key] })));
    const title = { page: "page's heap", worker: "workers' heaps", bytes: "GPU memory" }[key];
    const rate = `${slope.toFixed(2)} (standard error ${error.toFixed(2)}) bytes a step`;
    return {
      grows,
      text: `${name}: ${title} ${grows ? "GROW" : "do not grow"}: ${rate}, ${(growth / 1024).toFixed(1)} KiB`,
    };
  });
  const before = all.slice(0, all.length - looks.length);
  for (const [key, title] of COUNTED) {
    const [most, fewest] = [Math.max(...before.map((one) => one[key])), Math.min(...looks.map((one) => one[key]))];
    const grows = fewest > most;
    const text = `${name}: ${title} ${grows ? "GROW" : "do not grow"}: at most ${most} at first, at least ${fewest} after`;
    lines.push({ grows, text });
  }
  return { text: lines.map((line) => line.text).join("\n"), grows: lines.some(({ grows }) => grows) };
}

/** @param {number} minutes @param {boolean} headed @returns {Promise<number>} the exit code */
async function soak(minutes, headed) {
  const chrome = prepare();
  process.stdout.write(`${describe(chrome)}\n`);
  await prepareDigits(root);
  const project = await openProject();
  const site = await openSite();
  const { launch } = await project.load("/src/cli/chrome.ts");
  /** @type {import("puppeteer").Browser} */
  const browser = await launch({ ...chrome, flags: [...chrome.flags, STEADY] }, { headed });
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 1200, height: 900 });
    await page.goto(`${site.address}${SHORT}`);
    const one = new Soak(page, await page.createCDPSession());
    await one.visit(SHORT, "at");
    const half = 30 * minutes;
    const parts = [];
    parts.push(
      judge(
        "one training",
        await part(
          "one training",
          half,
          () => one.long(),
          () => one.look(),
        ),
      ),
    );
    parts.push(
      judge(
        "many",
        await part(
          "many",
          half,
          () => one.short(),
          () => one.look(),
        ),
      ),
    );
    for (const { text } of parts) process.stdout.write(`${text}\n`);
    return parts.some(({ grows }) => grows) ? 1 : 0;
  } finally {
    await browser.close();
    site.close();
    await project.close();
  }
}

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, headed: { type: "boolean", default: false } },
});
process.exitCode = await soak(Number(values.minutes), values.headed);
