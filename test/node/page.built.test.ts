// The built page as static files in some folder: its Content-Security-Policy and Trusted Types hold, and everything works under them.
import { createServer, type Server } from "node:http";
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Browser, Page } from "puppeteer";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../scripts/chrome.mjs";
import { contentPolicy } from "../../scripts/policy.mjs";
import { prepare } from "../../scripts/prepare.mjs";
import { launch } from "../../src/cli/chrome.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".bin": "application/octet-stream",
};
const FOLDER = "/some/folder/";
const outDir = join(root, ".cache", "built");

let server: Server;
let browser: Browser;
let page: Page;
let address: string;
const errors: string[] = [];

/** Plain files and nothing else: what is not one of them is not found. */
function serve(): Promise<Server> {
  const made = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const path = pathname.startsWith(FOLDER) ? pathname.slice(FOLDER.length) || "index.html" : undefined;
    const file =
      path === undefined || path.includes("..") ? Promise.reject(new Error("not here")) : readFile(join(outDir, path));
    file.then(
      (bytes) => response.writeHead(200, { "content-type": TYPES[extname(path ?? "")] ?? "text/plain" }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  return new Promise((resolve) => {
    made.listen(0, "127.0.0.1", () => resolve(made));
  });
}

beforeAll(async () => {
  await build({
    root,
    configFile: join(root, "vite.config.ts"),
    logLevel: "error",
    build: { outDir, emptyOutDir: true },
  });
  server = await serve();
  const at = server.address();
  if (!at || typeof at === "string") throw new Error("page: the server has no port");
  address = `http://127.0.0.1:${at.port}${FOLDER}`;
  browser = await launch(prepare());
  page = await browser.newPage();
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.evaluateOnNewDocument(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { violations: seen });
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      seen.push(`${violatedDirective} ${blockedURI}`),
    );
  });
  await page.goto(address);
});

afterAll(async () => {
  await browser?.close();
  server?.close();
  await rm(outDir, { recursive: true, force: true });
});

const violations = (): Promise<string[]> =>
  page.evaluate(() => (globalThis as unknown as { violations: string[] }).violations);

describe("built page", () => {
  test("trains from any folder, its worker and chunks beside it, and breaks none of its own rules", async () => {
    await page.waitForFunction(() =>
      /^(Adapter|No WebGPU)/.test(document.getElementById("adapter")?.textContent ?? ""),
    );
    // Unasked: the address holds nothing.
    await page.waitForFunction(() => document.documentElement.dataset.phase === "finished", { timeout: 25_000 });
    for (const panel of ["layers", "confusion", "plan"]) await page.click(`#panel-${panel} > summary`);
    // A panel is drawn once it is open.
    await (await page.waitForSelector("#show-plan"))?.click();
    await page.waitForSelector("#plan-text");
    for (const view of await page.$$eval(".tabs a", (all) => all.map((link) => link.getAttribute("href") ?? ""))) {
      await page.click(`.tabs a[href="${view}"]`);
      await page.waitForFunction(() => document.querySelector("main") !== null);
    }
    expect(await violations()).toEqual([]);
    expect(errors).toEqual([]);
    // Beside the page, wherever it is built.
    expect(existsSync(join(outDir, "digits.bin"))).toBe(existsSync(join(root, ".cache", "digits.bin")));
  });

  test("has one policy, without a word that would weaken it", async () => {
    const policies = await page.$$eval("meta[http-equiv=Content-Security-Policy]", (all) =>
      all.map((meta) => meta.getAttribute("content")),
    );
    expect(policies).toEqual([contentPolicy]);
    expect(contentPolicy).not.toMatch(/unsafe|\*|https?:/);
    expect(await page.$$eval("script", (all) => all.filter((script) => !script.src).length)).toBe(0);
  });

  test("makes no code of text, no markup of text, and no worker of another's", async () => {
    // From a task of the page's own: what a debugger evaluates may do more.
    await page.evaluate(() => {
      const tries: Record<string, () => unknown> = {
        // biome-ignore lint/security/noGlobalEval: it must throw
        eval: () => globalThis.eval("1"),
        markup: () => {
          document.createElement("p").innerHTML = "<b>x</b>";
        },
        worker: () => new Worker("data:text/javascript,1"),
        policy: () =>
          (
            globalThis as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } }
          ).trustedTypes.createPolicy("other", {}),
      };
      const found = (act: () => unknown): string => {
        try {
          act();
          return "allowed";
        } catch (error) {
          return (error as Error).name;
        }
      };
      setTimeout(() => {
        const names = Object.entries(tries).map(([name, act]) => `${name}: ${found(act)}`);
        document.documentElement.dataset.tries = names.join(", ");
      });
    });
    await page.waitForSelector("[data-tries]");
    const names = await page.evaluate(() => document.documentElement.dataset.tries);
    expect(names).toBe("eval: EvalError, markup: TypeError, worker: TypeError, policy: TypeError");
  });
});
