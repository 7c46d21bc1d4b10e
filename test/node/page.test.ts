// The page in headless Chrome, from the development server: keyboard, numbers, hash, a phone's width, and a browser without WebGPU.
import { join } from "node:path";
import type { Browser, Page } from "puppeteer";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../scripts/chrome.mjs";
import { prepare } from "../../scripts/prepare.mjs";
import { launch } from "../../src/cli/chrome.ts";

const chrome = prepare();
let vite: ViteDevServer;
let address: string;
let browser: Browser;
/** Most tests share one page: another hash is another start. */
let page: Page;
/** Its console errors, exceptions and answers other than success. */
const errors: string[] = [];

async function open(of: Browser, hash: string): Promise<Page> {
  const opened = await of.newPage();
  opened.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  opened.on("pageerror", (error) => errors.push(String(error)));
  opened.on("response", (response) => {
    if (response.status() >= 400) errors.push(`${response.status()} ${response.url()}`);
  });
  await opened.setViewport({ width: 1200, height: 800 });
  await opened.goto(address + hash);
  await adapter(opened);
  return opened;
}

const adapter = (of: Page): Promise<unknown> =>
  of.waitForFunction(() => /^(Adapter|No WebGPU)/.test(document.getElementById("adapter")?.textContent ?? ""));

/** Another hash in the same page, from the keyboard's start. */
async function visit(hash: string): Promise<void> {
  await page.evaluate((wanted) => {
    (document.activeElement as HTMLElement | null)?.blur();
    location.hash = wanted;
  }, hash);
  await page.waitForFunction(() => document.getElementById("at")?.textContent?.startsWith("0 /"));
}

beforeAll(async () => {
  const server = { port: 0, host: "127.0.0.1", watch: null };
  const cacheDir = join(root, ".cache", "vite-page");
  vite = await createServer({ root, server, cacheDir, configFile: join(root, "vite.config.ts"), logLevel: "error" });
  await vite.listen();
  const at = vite.httpServer?.address();
  if (!at || typeof at === "string") throw new Error("page: the development server has no port");
  address = `http://127.0.0.1:${at.port}/`;
  browser = await launch(chrome);
  page = await open(browser, "");
});

afterAll(async () => {
  await browser?.close();
  await vite?.close();
});

afterEach(() => {
  expect(errors).toEqual([]);
});

const text = (page: Page, id: string): Promise<string> => page.$eval(`#${id}`, (element) => element.textContent ?? "");

const value = (page: Page, id: string): Promise<string> =>
  page.$eval(`#${id}`, (element) => (element as HTMLInputElement | HTMLSelectElement).value);

/** Steps done, as the page shows them. */
const steps = async (page: Page): Promise<number> =>
  Number((await text(page, "at")).split(" / ")[0]?.replaceAll(",", ""));

const phase = (page: Page, wanted: string): Promise<unknown> =>
  page.waitForFunction((name) => document.documentElement.dataset.phase === name, { timeout: 20_000 }, wanted);

const status = (page: Page, start: string): Promise<unknown> =>
  page.waitForFunction(
    (words) => document.getElementById("status")?.textContent?.startsWith(words),
    { timeout: 20_000 },
    start,
  );

describe("page", () => {
  test("names its adapter and the model before anything runs, every control by keyboard", async () => {
    const { vendor, software } = chrome.adapter;
    expect(await text(page, "adapter")).toContain(vendor);
    expect((await text(page, "adapter")).includes("software")).toBe(software);
    expect(await text(page, "total")).toContain("1,218");
    expect(await text(page, "memory")).toMatch(/parameters .* KiB, optimizer state .* KiB/);
    const seen: string[] = [];
    for (let i = 0; i < 11; i++) {
      await page.keyboard.press("Tab");
      seen.push(await page.evaluate(() => document.activeElement?.id ?? ""));
    }
    expect(seen).toEqual([
      "run",
      "step",
      "reset",
      "data",
      "optimizer",
      "lr",
      "batch",
      "width",
      "steps",
      "seed",
      "new-seed",
    ]);
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineWidth);
    expect(outline).toBe("3px");
    expect(await page.$$eval("canvas", (all) => all.every((canvas) => canvas.getAttribute("aria-label")))).toBe(true);
  });

  test("Space trains spirals to a falling loss and pauses, . steps, r resets", async () => {
    await visit("#v=1&data=spirals&optimizer=adam&steps=4000");
    await page.keyboard.press("Space");
    await page.waitForFunction(() => Number(document.getElementById("loss")?.textContent) < 0.3, { timeout: 20_000 });
    await page.keyboard.press("Space");
    await status(page, "Paused: step");
    const paused = await steps(page);
    expect(await text(page, "run")).toBe("Resume");
    await page.keyboard.press(".");
    await page.waitForFunction(
      (more) => document.getElementById("at")?.textContent?.startsWith(more),
      {},
      (paused + 1).toLocaleString("en-US"),
    );
    expect(Number.parseFloat(await text(page, "validation"))).toBeGreaterThan(70);
    await page.keyboard.press("Space");
    await page.waitForFunction(
      (least) => Number(document.getElementById("at")?.textContent?.split(" / ")[0]?.replaceAll(",", "")) > least + 1,
      {},
      paused,
    );
    await page.keyboard.press("r");
    await phase(page, "ready");
    expect(await steps(page)).toBe(0);
    expect(await text(page, "loss")).toBe("–");
  });

  test("step prepares and does one step; a run ends with the test accuracy; keys can be turned off", async () => {
    await visit("#v=1&data=blobs&optimizer=sgd&steps=40");
    await page.keyboard.press(".");
    await page.waitForFunction(() => document.getElementById("at")?.textContent === "1 / 40");
    await page.click("#run");
    await phase(page, "finished");
    expect(await text(page, "status")).toMatch(/^Finished: test accuracy \d+\.\d % on 200 rows, 40 steps in/);
    expect(Number.parseFloat(await text(page, "test"))).toBeGreaterThan(90);
    expect(await page.$$eval("#rows tr", (rows) => rows.length)).toBeGreaterThan(1);
    await page.$eval("#shortcuts", (box) => {
      (box as HTMLInputElement).checked = false;
    });
    await page.$eval("#run", (button) => (button as HTMLElement).blur());
    await page.keyboard.press("r");
    expect(await page.evaluate(() => document.documentElement.dataset.phase)).toBe("finished");
  });

  test("the hash holds the settings: set, changed, loaded again; what it cannot mean is told", async () => {
    await visit("#v=1&data=moons&optimizer=sgd&lr=0.25&seed=9&width=abc&colour=red");
    const fields = async () => Promise.all(["data", "optimizer", "lr", "width", "seed"].map((id) => value(page, id)));
    expect(await fields()).toEqual(["moons", "sgd", "0.25", "32", "9"]);
    expect(await text(page, "notes")).toContain(
      'Hidden width: expected a whole number from 1 to 1024; 32 is used; "colour" is no setting',
    );
    await page.$eval("#width", (field) => {
      (field as HTMLInputElement).value = "12";
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    await page.select("#optimizer", "adamw");
    expect(new URL(page.url()).hash).toBe("#train?v=1&data=moons&optimizer=adamw&lr=0.25&width=12&seed=9");
    await page.reload();
    await adapter(page);
    expect(await fields()).toEqual(["moons", "adamw", "0.25", "12", "9"]);
    await page.$eval("#lr", (field) => {
      (field as HTMLInputElement).value = "much";
    });
    await page.click("#run");
    expect(await text(page, "lr-wrong")).toBe("Learning rate: expected a number from 1e-6 to 1e6");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("lr");
  });

  test("a phone of 360 px needs no sideways scrolling; digits train from the served file", async () => {
    await page.setViewport({ width: 360, height: 800 });
    await visit("#v=1&data=digits&optimizer=adam&batch=32&width=16&steps=20");
    await page.click("#run");
    await phase(page, "finished");
    expect(await text(page, "error")).toBe("");
    expect(Number.parseFloat(await text(page, "test"))).toBeGreaterThan(20);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await page.$eval("#surface", (figure) => (figure as HTMLElement).hidden)).toBe(true);
  });

  test("without WebGPU it says so and trains on the CPU", async () => {
    const flags = chrome.flags.filter((flag) => !/webgpu|vulkan/i.test(flag));
    const plain = await launch({ ...chrome, flags: [...flags, "--disable-gpu"] });
    try {
      const cpu = await open(plain, "#v=1&data=xor&optimizer=adam&steps=30");
      expect(await text(cpu, "adapter")).toBe("No WebGPU: trains on the CPU");
      expect(await text(cpu, "lack")).toMatch(/WebGPU.*the CPU trains here/);
      await cpu.keyboard.press("Space");
      await phase(cpu, "finished");
      expect(Number.parseFloat(await text(cpu, "test"))).toBeGreaterThan(50);
    } finally {
      await plain.close();
    }
  });
});
