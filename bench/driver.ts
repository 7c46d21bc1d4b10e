// Drives the bench: a fresh browser for every part, results to bench/results/<adapter>.json, tables to the terminal.
import { parseArgs } from "node:util";
import type { Browser } from "puppeteer";
import { type Chrome, launch, type Services } from "../src/cli/chrome.ts";
import { machineOf } from "./machine.ts";
import { printResult } from "./print.ts";
import {
  type BenchResult,
  type ColdResult,
  type Effort,
  FULL,
  PARTS,
  type Part,
  QUICK,
  roundsOf,
  SCHEMA,
} from "./result.ts";
import { fileOf, readResult, writeReadme, writeResult } from "./store.ts";

const USAGE = `usage: npm run bench -- [--quick] [--only ${PARTS.join(",")}] [--headed] [--readme]
  --quick    shorter and fewer rounds; results go to <adapter>-quick.json
  --only     just these parts; the others stay as they are in the file
  --headed   a Chrome with a window
  --readme   no measuring: writes the table of the last results into README.md
`;

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

interface Options {
  readonly parts: readonly Part[];
  readonly effort: Effort;
  readonly headed: boolean;
  readonly readme: boolean;
}

/** The flags; throws for a wrong one. */
function optionsOf(args: string[]): Options {
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args,
    options: { quick: flag, headed: flag, readme: flag, only: { type: "string" } },
  });
  const only = values.only?.split(",") ?? PARTS;
  const unknown = only.filter((part) => !PARTS.includes(part as Part));
  if (unknown.length > 0) throw new Error(`no part ${unknown.join(", ")}`);
  const { quick, headed, readme } = values;
  return { parts: PARTS.filter((part) => only.includes(part)), effort: quick ? QUICK : FULL, headed, readme };
}

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
  const { result, error } = JSON.parse(await done) as { result?: unknown; error?: string };
  if (error !== undefined) throw new Error(`${name}: ${error}`);
  return result;
}

/** Starts a browser for one measurement; cold starts need it fresh, and the others are kept apart by it. */
type Measure = (name: string) => Promise<unknown>;

function measurer(chrome: Chrome, url: string, { effort, headed }: Options): Measure {
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

/** Cold starts of each library, interleaved; one that fails is said and left out. */
async function cold(measure: Measure, { quick }: Effort): Promise<ColdResult[]> {
  const all = new Map<string, ColdResult[]>();
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    for (const name of ["fall-line", "jax-js", "TensorFlow.js"]) {
      say(`bench: cold start: ${name}`);
      try {
        all.set(name, [...(all.get(name) ?? []), (await measure(`cold ${name}`)) as ColdResult]);
      } catch (error) {
        say(`bench: ${messageOf(error)}`);
      }
    }
  }
  return [...all.values()].map((rounds) => ({
    ...(rounds[0] as ColdResult),
    millis: roundsOf(rounds.flatMap(({ millis }) => millis.raw)),
  }));
}

/** What a part adds to the results. */
async function measurePart(part: Part, measure: Measure, effort: Effort): Promise<Partial<BenchResult>> {
  if (part === "cold") return { cold: await cold(measure, effort) };
  const found = await measure(part);
  return (part === "kernels" ? found : { [part]: found }) as Partial<BenchResult>;
}

/** Whether anything counted or compared is not as it must be. Timings never fail. */
function faults({ step = [], peers = [] }: Partial<BenchResult>): string[] {
  const unplanned = step
    .filter(({ asPlanned }) => !asPlanned)
    .map(({ problem }) => `${problem}: dispatches differ from the plan`);
  const apart = peers.flatMap(({ problem, left }) =>
    Object.entries(left).map(([name, why]) => `${problem}: ${name} left out: ${why}`),
  );
  return [...unplanned, ...apart];
}

async function measureAll(options: Options, services: Services): Promise<number> {
  const chrome = services.chrome();
  const machine = machineOf(services.root, chrome, options.effort.quick);
  say(`bench: ${machine.adapter}, ${machine.browser}, ${machine.cores} cores, load ${machine.load[0]}`);
  const measure = measurer(chrome, await services.serve(), options);
  const file = fileOf(services.root, machine);
  let result: BenchResult = { schema: SCHEMA, measured: {}, ...readResult(file), machine };
  let now: Partial<BenchResult> = {};
  let failed = false;
  for (const part of options.parts) {
    try {
      const { commit, date, load } = machineOf(services.root, chrome, options.effort.quick);
      const found = await measurePart(part, measure, options.effort);
      result = { ...result, ...found, measured: { ...result.measured, [part]: { commit, date, load } } };
      now = { ...now, ...found };
      writeResult(file, result);
      for (const fault of faults(found)) {
        failed = true;
        say(`bench: ${fault}`);
      }
    } catch (error) {
      failed = true;
      say(`bench: ${part} failed: ${messageOf(error)}`);
    }
  }
  process.stdout.write(printResult({ schema: SCHEMA, measured: {}, machine, ...now }));
  say(`bench: ${file}`);
  return failed ? 1 : 0;
}

/** The command `bench`. Exit code 1 when a part failed, 2 for a wrong flag. */
export async function bench(argv: string[], services: Services): Promise<number> {
  let options: Options;
  try {
    options = optionsOf(argv);
  } catch (error) {
    say(`bench: ${messageOf(error)}\n${USAGE}`);
    return 2;
  }
  if (!options.readme) return measureAll(options, services);
  try {
    say(`bench: ${writeReadme(services.root)}`);
    return 0;
  } catch (error) {
    say(messageOf(error));
    return 1;
  }
}
