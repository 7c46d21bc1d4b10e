// The page as it opens, in headless Chrome: it moves unasked where it may, and keeps the screen awake while it trains.
import type { Page } from "puppeteer";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Site, textOf } from "./support/page.ts";

let site: Site;
const pages: Page[] = [];

beforeAll(async () => {
  site = await Site.open("opening");
});

afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
  expect(site.errors).toEqual([]);
});

afterAll(async () => {
  await site?.close();
});

/** Makes navigator's answer another before the page's own code runs. */
const stubbed = `
Object.defineProperty(navigator, "getBattery", {
  value: () => globalThis.silent ? new Promise(() => {}) : Promise.resolve({ charging: !globalThis.discharging }),
});
globalThis.locks = { asked: 0, held: 0 };
Object.defineProperty(navigator, "wakeLock", { value: { async request() {
  const lock = new EventTarget();
  locks.asked++;
  locks.held++;
  lock.release = async () => {
    locks.held--;
    lock.dispatchEvent(new Event("release"));
  };
  return lock;
} } });`;

/** A page of nobody's: opened for the first time, in storage of its own. */
async function visit(hash: string, { still = false, discharging = false, silent = false } = {}): Promise<Page> {
  const context = await site.browser.createBrowserContext();
  const page = await context.newPage();
  pages.push(page);
  page.on("pageerror", (error) => site.errors.push(String(error)));
  if (still) await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
  await page.evaluateOnNewDocument(`Object.assign(globalThis, ${JSON.stringify({ discharging, silent })});${stubbed}`);
  await page.goto(site.address + hash);
  await page.waitForFunction(() => document.documentElement.dataset.unasked !== undefined, { timeout: 60_000 });
  return page;
}

const unasked = (page: Page) => page.evaluate(() => document.documentElement.dataset.unasked);
const moving = (page: Page) =>
  page.waitForFunction(
    () => Number(document.getElementById("at")?.textContent?.split(" / ")[0]?.replaceAll(",", "")) > 0,
    { timeout: 60_000 },
  );

const locks = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { locks: { asked: number; held: number } }).locks);

describe("opening", { timeout: 120_000 }, () => {
  test("without settings in the address it trains unasked, and Run's place has Pause", async () => {
    const page = await visit("");
    expect(await unasked(page)).toBe("begun");
    await moving(page);
    const words = { preparing: "Pause", running: "Pause", finished: "Run again" };
    const phase = await page.evaluate(() => document.documentElement.dataset.phase as keyof typeof words);
    expect(await textOf(page, "run")).toBe(words[phase]);
  });

  test("a browser that never tells of its power does not hold it up", async () => {
    expect(await unasked(await visit("", { silent: true }))).toBe("begun");
  });

  test.each([
    ["where motion is to be little", "", { still: true }],
    ["on battery", "", { discharging: true }],
    ["by a link", "#train?v=1", {}],
    ["in another view", "#landscape", {}],
  ] as const)("%s it waits", async (_, hash, how) => {
    const page = await visit(hash, how);
    expect(await unasked(page)).toBe("left");
    expect(await page.evaluate(() => document.documentElement.dataset.phase ?? "ready")).toBe("ready");
    if (hash !== "#landscape") expect(await textOf(page, "run")).toBe("Run");
  });

  test("the screen is kept awake while a training runs, and no longer", async () => {
    const page = await visit("#train?v=1&data=digits&steps=100000");
    expect(await locks(page)).toEqual({ asked: 0, held: 0 });
    await page.click("#run");
    await moving(page);
    expect(await locks(page)).toEqual({ asked: 1, held: 1 });
    await page.click("#run");
    await page.waitForFunction(() => document.documentElement.dataset.phase === "paused");
    expect(await locks(page)).toEqual({ asked: 1, held: 0 });
    await page.click("#run");
    await page.waitForFunction(() => document.documentElement.dataset.phase === "running");
    expect(await locks(page)).toEqual({ asked: 2, held: 1 });
    await page.click("#reset");
    expect(await locks(page)).toEqual({ asked: 2, held: 0 });
  });
});
