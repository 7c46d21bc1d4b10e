// The page in headless Chrome from the development server: one server and one browser a test file.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "puppeteer";
import { createServer, type ViteDevServer } from "vite";
import { root } from "../../../scripts/chrome.mjs";
import { prepare } from "../../../scripts/prepare.mjs";
import { launch } from "../../../src/cli/chrome.ts";

/** Where pictures of the page are left to be looked at; ignored by git. */
const PICTURES = join(root, ".cache", "screenshots");

export class Site {
  readonly browser: Browser;
  readonly address: string;
  /** Console errors, exceptions and answers other than success, of all pages. */
  readonly errors: string[] = [];
  readonly #vite: ViteDevServer;

  private constructor(vite: ViteDevServer, browser: Browser, address: string) {
    this.#vite = vite;
    this.browser = browser;
    this.address = address;
  }

  /** `name` keeps the caches of files that run at once apart. */
  static async open(name: string): Promise<Site> {
    const server = { port: 0, host: "127.0.0.1", watch: null };
    const cacheDir = join(root, ".cache", `vite-${name}`);
    const configFile = join(root, "vite.config.ts");
    const vite = await createServer({ root, server, cacheDir, configFile, logLevel: "error" });
    await vite.listen();
    const at = vite.httpServer?.address();
    if (!at || typeof at === "string") throw new Error("page: the development server has no port");
    return new Site(vite, await launch(prepare()), `http://127.0.0.1:${at.port}/`);
  }

  async page(hash: string): Promise<Page> {
    const page = await this.browser.newPage();
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(message.text());
    });
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("response", (response) => {
      if (response.status() >= 400) this.errors.push(`${response.status()} ${response.url()}`);
    });
    await page.setViewport({ width: 1200, height: 900 });
    await page.goto(this.address + hash);
    return page;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.#vite.close();
  }
}

/** The whole page as it is, in light and dark and at a phone's width. */
export async function pictures(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  const shoot = async (look: string, width: number, scheme: "light" | "dark"): Promise<void> => {
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await page.screenshot({ path: join(PICTURES, `${name}-${look}.png`) as `${string}.png`, fullPage: true });
  };
  await shoot("light", 1200, "light");
  await shoot("dark", 1200, "dark");
  await shoot("phone", 360, "light");
  await page.setViewport({ width: 1200, height: 900 });
  await page.emulateMediaFeatures([]);
}

/** Files a page would save, by name: their text. Replaces the saving until the page is loaded again. */
export async function catchFiles(page: Page): Promise<() => Promise<Readonly<Record<string, string>>>> {
  await page.evaluate(() => {
    const files: Record<string, Promise<string>> = {};
    const blobs = new Map<string, Blob>();
    const make = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (of) => {
      const address = make(of);
      blobs.set(address, of as Blob);
      return address;
    };
    HTMLAnchorElement.prototype.click = function click() {
      const blob = blobs.get(this.href);
      if (!blob) return;
      const binary = blob.type.startsWith("image/png") || blob.type === "application/octet-stream";
      files[this.download] = binary
        ? blob.arrayBuffer().then((bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))))
        : blob.text();
    };
    Object.assign(globalThis, { caughtFiles: files });
  });
  return () =>
    page.evaluate(async () => {
      const { caughtFiles } = globalThis as unknown as { caughtFiles: Record<string, Promise<string>> };
      const entries = Object.entries(caughtFiles).map(async ([name, text]) => [name, await text] as const);
      return Object.fromEntries(await Promise.all(entries));
    });
}

export const textOf = (page: Page, id: string): Promise<string> =>
  page.$eval(`#${id}`, (element) => element.textContent ?? "");

/** Waits until an element's text matches. */
export const untilText = (page: Page, id: string, pattern: string, timeout = 60_000): Promise<unknown> =>
  page.waitForFunction(
    (of, wanted) => new RegExp(wanted).test(document.getElementById(of)?.textContent ?? ""),
    { timeout },
    id,
    pattern,
  );
