// Measures in headless Chrome: a fresh browser for every part.
import type { Browser } from "puppeteer";
import { type Chrome, launch } from "../src/cli/chrome.ts";
import type { Measure } from "./drive.ts";
import type { Options } from "./options.ts";
import { resultOf } from "./page/parts.ts";
import type { Effort } from "./result.ts";
import { messageOf, say } from "./words.ts";

/** One measurement of the page, in a page of its own. */
async function inPage(browser: Browser, url: string, name: string, effort: Effort): Promise<unknown> {
  const page = await browser.newPage();
  page.on("console", (message) => {
    const text = message.text();
    if (text.startsWith("bench: ")) say(text);
  });
  const done = new Promise<string>((resolve, reject) => {
    void page.exposeFunction("benchDone", resolve);
    page.on("error", reject);
    page.on("pageerror", (error) => {
      // Vite's client looks for a socket that this server does not have.
      if (!messageOf(error).startsWith("WebSocket")) say(`bench: in the page: ${messageOf(error)}`);
    });
    browser.on("disconnected", () => reject(new Error("Chrome ended")));
  });
  done.catch(() => {});
  await page.goto(url);
  await page.waitForFunction("globalThis.benchStart !== undefined");
  await page.evaluate(`benchStart(${JSON.stringify(name)}, ${JSON.stringify(effort)})`);
  return resultOf(name, await done);
}

export function browserMeasure(chrome: Chrome, url: string, { effort, headed }: Options): Measure {
  const flags = [...chrome.flags, "--js-flags=--expose-gc", "--enable-precise-memory-info"];
  return async (name) => {
    const browser = await launch({ ...chrome, flags }, { headed });
    try {
      return await inPage(browser, url, name, effort);
    } finally {
      await browser.close();
    }
  };
}
