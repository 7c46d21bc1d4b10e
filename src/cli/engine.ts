// Where jobs are done: a page of headless Chrome on WebGPU, or this process on the CPU references. One face for both.
import { readFileSync } from "node:fs";
import type { Page } from "puppeteer";
import type { ValidationRow } from "../validate/validate.ts";
import { prepareDigits } from "../../scripts/digits.mjs";
import type { Question } from "./ask.ts";
import { type Chrome, launch, type Services } from "./chrome.ts";
import { type DataSpec, makeData } from "./data.ts";
import { EnvironmentProblem, JobFailed, NoAdapter } from "./errors.ts";
import { openHere } from "./files.ts";
import type { Facts, Job, Message, Point, Progress } from "./job.ts";
import type { Collected } from "./outcome.ts";
import { readOwn } from "./own_data.ts";
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
  /** Ends the training of the running job and of later ones early; a job then evaluates and resolves. */
  stop(): void;
  /** Takes a stop back: later jobs run. */
  go(): void;
  close(): Promise<void>;
}

/** Whoever is listened for: the messages of the request under way. */
interface Ear {
  hear(message: Message): void;
  fail(error: Error): void;
}

/** A promise with its ends in the hand. */
function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let ends: { resolve: (value: T) => void; reject: (error: Error) => void } | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    ends = { resolve, reject };
  });
  promise.catch(() => {});
  return { promise, resolve: (value) => ends?.resolve(value), reject: (error) => ends?.reject(error) };
}

/** Gathers a job's messages until its last. */
class JobEar implements Ear {
  readonly #end = deferred<Collected>();
  readonly #listener: Listener;
  #facts: Facts | undefined;
  readonly #points: Point[] = [];

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  get finished(): Promise<Collected> {
    return this.#end.promise;
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
      if (this.#facts) this.#end.resolve({ facts: this.#facts, points: this.#points, done: message });
    } else if (message.type === "error") this.#end.reject(new JobFailed(message, this.#collected()));
  }

  fail(error: Error): void {
    this.#end.reject(new JobFailed(error, this.#collected()));
  }

  #collected(): Collected | undefined {
    return this.#facts && { facts: this.#facts, points: this.#points, done: undefined };
  }
}

/** Hears rows, then the answer. */
class AnswerEar<T> implements Ear {
  readonly #end = deferred<T>();
  readonly #row: (row: ValidationRow) => void;

  constructor(row: (row: ValidationRow) => void) {
    this.#row = row;
  }

  get answer(): Promise<T> {
    return this.#end.promise;
  }

  hear(message: Message): void {
    if (message.type === "row") this.#row(message.row);
    else if (message.type === "answer") this.#end.resolve(message.given as T);
    else if (message.type === "error") this.#end.reject(new JobFailed(message, undefined));
  }

  fail(error: Error): void {
    this.#end.reject(new JobFailed(error, undefined));
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

export class ChromeEngine implements Engine {
  readonly kind = "webgpu";
  readonly browser: string;
  readonly #root: string;
  readonly #offer: Services["offer"];
  readonly #page: Page;
  #ear: Ear | undefined;
  #stopped = false;

  constructor({ root, offer }: Services, chrome: Chrome, page: Page) {
    this.#root = root;
    this.#offer = offer;
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
    for (const { path, hash } of job.data.files ?? []) this.#offer(path, `files/${hash}`);
    const ear = new JobEar(listener);
    await this.#begin(job, ear);
    return ear.finished;
  }

  /** Asks the page, which only Chrome can answer. */
  async ask<T>(question: Question, row: (row: ValidationRow) => void = () => {}): Promise<T> {
    const ear = new AnswerEar<T>(row);
    await this.#begin(question, ear);
    return ear.answer;
  }

  async #begin(request: Job | Question, ear: Ear): Promise<void> {
    this.#ear = ear;
    await this.#page.evaluate((text) => window.fallLine.begin(text), pack(request));
    // A stop that came before the page had begun.
    if (this.#stopped) this.stop();
  }

  stop(): void {
    this.#stopped = true;
    this.#page.evaluate(() => window.fallLine.stop()).catch(() => {});
  }

  go(): void {
    this.#stopped = false;
  }

  async close(): Promise<void> {
    this.#page.removeAllListeners();
    await this.#page.browser().close();
  }
}

/** Opens the command's page; throws EnvironmentProblem where there is no Chrome or it does not start. */
export async function openChrome(services: Services, options: { headed?: boolean } = {}): Promise<ChromeEngine> {
  const chrome = chromeOf(services);
  const url = await services.serve();
  const browser = await launch(chrome, options).catch((error: Error) => {
    throw new EnvironmentProblem(`${chrome.path} does not start (${error.message}); run fall-line doctor`);
  });
  try {
    const page = await browser.newPage();
    const engine = new ChromeEngine(services, chrome, page);
    await page.exposeFunction("fallLineTell", (text: string) => engine.hear(text));
    await page.goto(`${url}src/cli/browser.html`);
    await page.waitForFunction(() => window.fallLine !== undefined, { timeout: 60_000 });
    return engine;
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** The probed Chrome; throws NoAdapter where there is none. */
export function chromeOf(services: Services): Chrome {
  try {
    return services.chrome();
  } catch (error) {
    throw new NoAdapter(error instanceof Error ? error.message : String(error));
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
      const ear = new JobEar(listener);
      const digits = file === undefined ? undefined : new Uint8Array(readFileSync(file));
      const data = (spec: DataSpec) => (spec.files ? readOwn(spec, openHere) : makeData(spec, digits));
      await work(job, { backend: "cpu", data, send: (message) => ear.hear(message), stopped: () => stopped });
      return ear.finished;
    },
    stop() {
      stopped = true;
    },
    go() {
      stopped = false;
    },
    close: () => Promise.resolve(),
  };
}
