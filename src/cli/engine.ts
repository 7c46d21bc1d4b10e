// Where jobs are done: a page of headless Chrome on WebGPU, or this process on the CPU references. One face for both.
import { readFileSync } from "node:fs";
import type { Page } from "puppeteer";
import { prepareDigits } from "../../scripts/digits.mjs";
import { type Chrome, launch, type Services } from "./chrome.ts";
import { EnvironmentProblem, JobFailed } from "./errors.ts";
import type { Done, Facts, Job, Message, Point, Progress } from "./job.ts";
import type { Collected } from "./outcome.ts";
import { pack, unpack } from "./wire.ts";
import { work } from "./work.ts";

export interface Listener {
  facts?(facts: Facts): void;
  progress?(progress: Progress): void;
}

export interface Engine {
  readonly kind: "webgpu" | "cpu";
  /** "Chrome 156.0.0.0" or "none (Node 20.19.0)". */
  readonly browser: string;
  /** Does a job to its end or until stopped; rejects with JobFailed, which holds what was measured. */
  run(job: Job, listener?: Listener): Promise<Collected>;
  /** Ends the training of the running job early; it then evaluates and resolves. */
  stop(): void;
  close(): Promise<void>;
}

/** Gathers a job's messages until its last. */
class Ear {
  readonly finished: Promise<Collected>;
  #settle: { resolve: (value: Collected) => void; reject: (error: Error) => void } | undefined;
  readonly #listener: Listener;
  #facts: Facts | undefined;
  readonly #points: Point[] = [];

  constructor(listener: Listener) {
    this.#listener = listener;
    this.finished = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.finished.catch(() => {});
  }

  hear(message: Message): void {
    if (message.type === "facts") {
      this.#facts = message;
      this.#listener.facts?.(message);
    } else if (message.type === "progress") {
      this.#points.push(...message.points);
      this.#listener.progress?.(message);
    } else if (message.type === "done") {
      this.#points.push(...message.points);
      this.#settle?.resolve(this.#collected(message) as Collected);
    } else this.fail(new JobFailed(message, this.#collected()));
  }

  fail(error: Error): void {
    const known = error instanceof JobFailed ? error : new JobFailed(error, this.#collected());
    this.#settle?.reject(known);
  }

  #collected(done?: Done): Collected | undefined {
    return this.#facts && { facts: this.#facts, points: this.#points, done };
  }
}

/** The digits' file, made if it is missing; only for a job that needs it. */
async function digitsFile(root: string, { data }: Job): Promise<string | undefined> {
  if (data.name !== "digits") return undefined;
  try {
    return await prepareDigits(root);
  } catch (error) {
    throw new EnvironmentProblem(error instanceof Error ? error.message : String(error));
  }
}

class ChromeEngine implements Engine {
  readonly kind = "webgpu";
  readonly browser: string;
  readonly #root: string;
  readonly #page: Page;
  #ear: Ear | undefined;

  constructor(root: string, chrome: Chrome, page: Page) {
    this.#root = root;
    this.browser = `Chrome ${chrome.version}`;
    this.#page = page;
    const broke = (what: string) => this.#ear?.fail(new Error(`the page ${what}`));
    page.on("error", (error) => broke(`crashed: ${error.message}`));
    page.on("pageerror", (error) => broke(`failed: ${error instanceof Error ? error.message : String(error)}`));
    page.on("close", () => broke("was closed"));
  }

  hear(text: string): void {
    this.#ear?.hear(unpack<Message>(text));
  }

  async run(job: Job, listener: Listener = {}): Promise<Collected> {
    await digitsFile(this.#root, job);
    this.#ear = new Ear(listener);
    await this.#page.evaluate((text) => window.fallLine.begin(text), pack(job));
    return this.#ear.finished;
  }

  stop(): void {
    this.#page.evaluate(() => window.fallLine.stop()).catch(() => {});
  }

  async close(): Promise<void> {
    this.#page.removeAllListeners();
    await this.#page.browser().close();
  }
}

/** Opens the command's page; throws EnvironmentProblem where there is no Chrome or it does not come up. */
export async function openChrome(services: Services): Promise<Engine> {
  const chrome = chromeOf(services);
  const url = await services.serve();
  const browser = await launch(chrome).catch((error: Error) => {
    throw new EnvironmentProblem(`${chrome.path} does not start (${error.message}); run fall-line doctor`);
  });
  try {
    const page = await browser.newPage();
    const engine = new ChromeEngine(services.root, chrome, page);
    await page.exposeFunction("fallLineTell", (text: string) => engine.hear(text));
    await page.goto(`${url}src/cli/browser.html`);
    await page.waitForFunction(() => window.fallLine !== undefined, { timeout: 60_000 });
    return engine;
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** The probed Chrome; what is missing becomes an EnvironmentProblem that names the way without it. */
export function chromeOf(services: Services): Chrome {
  try {
    return services.chrome();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new EnvironmentProblem(message, "--backend cpu needs no Chrome (slow: for small jobs such as xor)");
  }
}

/** The CPU references in this process. */
export function openNode({ root }: Pick<Services, "root">): Engine {
  let stopped = false;
  return {
    kind: "cpu",
    browser: `none (Node ${process.versions.node})`,
    async run(job, listener = {}) {
      const file = await digitsFile(root, job);
      const ear = new Ear(listener);
      stopped = false;
      const source = file === undefined ? "" : new Uint8Array(readFileSync(file));
      await work(job, { backend: "cpu", source, send: (message) => ear.hear(message), stopped: () => stopped });
      return ear.finished;
    },
    stop() {
      stopped = true;
    },
    close: () => Promise.resolve(),
  };
}
