// Launches the Chrome that scripts/prepare.mjs found and probed. Finder and flags are in scripts/chrome.mjs.

import puppeteer, { type Browser } from "puppeteer";
import type { Chrome } from "../../scripts/chrome.mjs";

export type { Adapter, Chrome, Profile } from "../../scripts/chrome.mjs";

/** What the command gets from scripts/run.mjs. */
export interface Services {
  /** The project's folder. */
  root: string;
  /** Prepares what is missing and returns the Chrome to use; throws with exit code 3 where there is none. */
  chrome: () => Chrome;
  /** Serves the project's pages on a free port of this machine and returns the address, ending in "/". */
  serve: () => Promise<string>;
  /** Serves a file of this machine beside the pages, at that address within theirs. */
  offer: (path: string, at: string) => void;
}

/**
 * Starts Chrome with the probed flags. It does not outlive this process (`pipe`), and Ctrl-C is left to the caller.
 * `headed` opens a window, for timings on machines where headless Chrome is slower.
 */
export async function launch(chrome: Chrome, options: { headed?: boolean } = {}): Promise<Browser> {
  const { path, flags } = chrome;
  const headless = !options.headed;
  return puppeteer.launch({ executablePath: path, args: flags, headless, pipe: true, handleSIGINT: false });
}
