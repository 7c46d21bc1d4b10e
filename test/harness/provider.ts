// Vitest's browser mode in the Chrome that scripts/prepare.mjs found: one browser, one page, no parallel files.

import { defineBrowserProvider } from "@vitest/browser";
import type { Browser, CDPSession, Page } from "puppeteer";
import type { BrowserCommand, BrowserProvider, CDPSession as VitestSession } from "vitest/node";
import { prepare } from "../../scripts/prepare.mjs";
import { launch } from "../../src/cli/chrome.ts";

class PuppeteerProvider implements BrowserProvider {
  readonly name = "puppeteer";
  readonly supportsParallelism = false;
  readonly pages = new Map<string, Page>();
  browser: Promise<Browser> | undefined;

  getCommandsContext(sessionId: string): Record<string, unknown> {
    return { page: this.pages.get(sessionId) };
  }

  async openPage(sessionId: string, url: string): Promise<void> {
    this.browser ??= launch(prepare());
    const page = await (await this.browser).newPage();
    this.pages.set(sessionId, page);
    page.on("error", (error) => process.stderr.write(`the test page crashed: ${String(error)}\n`));
    await page.goto(url, { timeout: 0 });
  }

  async getCDPSession(sessionId: string): Promise<VitestSession> {
    const page = this.pages.get(sessionId);
    if (!page) throw new Error(`provider: no page for session ${sessionId}`);
    return (await page.createCDPSession()) as CDPSession & VitestSession;
  }

  async close(): Promise<void> {
    const browser = await this.browser;
    this.browser = undefined;
    this.pages.clear();
    await browser?.close();
  }
}

/** The provider for vitest.config.ts. */
export function puppeteerProvider() {
  return defineBrowserProvider({ name: "puppeteer", providerFactory: () => new PuppeteerProvider() });
}

/** Browser command: kills Chrome's GPU process; every GPUDevice of the page is lost, and a new one can be asked for. */
export const crashGpu: BrowserCommand = async ({ provider }) => {
  const browser = await (provider as PuppeteerProvider).browser;
  if (!browser) throw new Error("crashGpu: no Chrome is open");
  const session = await browser.target().createCDPSession();
  await session.send("Browser.crashGpuProcess");
  await session.detach();
};
