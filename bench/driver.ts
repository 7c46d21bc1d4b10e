// Drives the bench: a fresh page for every part, results to bench/results/<adapter>.json, a table to the terminal.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser } from "puppeteer";
import { type Chrome, launch, type Services } from "../src/cli/chrome.ts";
import { machineOf, slug } from "./machine.ts";
import { printResult } from "./print.ts";
import { type BenchResult, type Effort, FULL, PARTS, type Part, QUICK, SCHEMA } from "./result.ts";

const USAGE = `usage: npm run bench -- [--quick] [--only ${PARTS.join(",")}] [--headed] [--readme]
`;

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

interface Options {
  readonly parts: readonly Part[];
  readonly effort: Effort;
  readonly headed: boolean;
  readonly readme: boolean;
}

/** The flags, or undefined when they are wrong (and said so). */
function optionsOf(argv: string[]): Options | undefined {
  const flag = { type: "boolean", default: false } as const;
  try {
    const { values } = parseArgs({
      args: argv,
      options: { quick: flag, headed: flag, readme: flag, only: { type: "string" } },
    });
    const only = values.only?.split(",") ?? PARTS;
    const unknown = only.filter((part) => !PARTS.includes(part as Part));
    if (unknown.length > 0) throw new Error(`no part ${unknown.join(", ")}`);
    const parts = PARTS.filter((part) => only.includes(part));
    return { parts, effort: values.quick ? QUICK : FULL, headed: values.headed, readme: values.readme };
  } catch (error) {
    say(`bench: ${error instanceof Error ? error.message : String(error)}`);
    say(USAGE);
    return undefined;
  }
}

/** One part in a page of its own. */
async function measure(browser: Browser, url: string, part: string, effort: Effort): Promise<unknown> {
  const page = await browser.newPage();
  page.on("console", (message) => {
    const text = message.text();
    if (text.startsWith("bench: ")) say(text);
    else if (message.type() === "error") say(`page: ${text}`);
  });
  page.on("pageerror", (error) => say(`page: ${String(error)}`));
  const done = new Promise<string>((resolve, reject) => {
    void page.exposeFunction("benchDone", resolve);
    page.on("error", reject);
    browser.on("disconnected", () => reject(new Error("bench: Chrome ended")));
  });
  await page.goto(url);
  await page.waitForFunction("globalThis.benchStart !== undefined");
  await page.evaluate(`benchStart(${JSON.stringify(part)}, ${JSON.stringify(effort)})`);
  const { result, error } = JSON.parse(await done) as { result?: unknown; error?: string };
  await page.close();
  if (error !== undefined) throw new Error(`${part}: ${error}`);
  return result;
}

/** Chrome with a collector the heap part can call. */
const withCollector = (chrome: Chrome): Chrome => ({ ...chrome, flags: [...chrome.flags, "--js-flags=--expose-gc"] });

/** The command `bench`. Returns the exit code: 1 when a part failed. */
export async function bench(argv: string[], services: Services): Promise<number> {
  const options = optionsOf(argv);
  if (!options) return 2;
  const chrome = withCollector(services.chrome());
  const url = await services.serve();
  const machine = machineOf(services.root, chrome, options.effort.quick);
  say(`bench: ${machine.adapter}, ${machine.browser}, ${machine.cores} cores, load ${machine.load[0]}`);
  const found: Record<string, unknown> = {};
  let failed = false;
  for (const part of options.parts) {
    const browser = await launch(chrome, { headed: options.headed });
    try {
      found[part] = await measure(browser, url, part, options.effort);
    } catch (error) {
      failed = true;
      say(`bench: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await browser.close();
    }
  }
  const result = { schema: SCHEMA, machine, ...found } as BenchResult;
  const folder = join(services.root, "bench", "results");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${slug(machine.adapter)}.json`);
  writeFileSync(file, `${JSON.stringify(result, null, 1)}\n`);
  process.stdout.write(printResult(result));
  say(`bench: ${file}`);
  return failed ? 1 : 0;
}
