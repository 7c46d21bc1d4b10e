// The page: settings in, one training at a time in the worker, numbers out.
import { whole } from "../report/words.ts";
import type { Opened, Outcome, Progress } from "../worker/protocol.ts";
import { Client } from "./client.ts";
import { byId, setText, setWords, showBytes, showShare, tableRow } from "./dom.ts";
import { Form } from "./form.ts";
import { listenKeys } from "./keys.ts";
import { type Made, make } from "./recipe.ts";
import { Results } from "./results.ts";
import { changeKind, readHash, type Settings, writeHash } from "./settings.ts";
import { keepQuery, route } from "./route.ts";
import { Status } from "./status.ts";
import { adapterWords, errorWords, lackWords } from "./words.ts";

type Phase = "ready" | "preparing" | "running" | "paused" | "finished" | "failed";

const READY = "Ready: press Run, or the Space key.";

export class Page {
  readonly #client = new Client();
  readonly #form = new Form();
  readonly #results = new Results();
  readonly #status = new Status(byId("status", HTMLElement));
  readonly #run = byId("run", HTMLButtonElement);
  #phase: Phase = "ready";
  #settings: Settings;
  #made: Made | undefined;
  /** The steps that were in flight at a pause have arrived. */
  #landed = false;
  /** Trains on the CPU. */
  #small = false;
  /** Counts trainings, so that what an ended one still says is not heard. */
  #turn = 0;
  /** Resolves when the worker is free. */
  #free: Promise<unknown> = Promise.resolve();

  constructor() {
    const { settings, notes } = readHash(route.value.query, false);
    this.#settings = settings;
    this.#tell(notes);
    this.#apply(settings);
    this.#form.listen({ kind: () => this.#kindChanged(), number: () => this.#numberChanged() });
    this.#run.addEventListener("click", () => this.#toggle());
    byId("step", HTMLButtonElement).addEventListener("click", () => this.#step());
    byId("reset", HTMLButtonElement).addEventListener("click", () => this.#reset(READY));
    listenKeys({ run: () => this.#toggle(), step: () => this.#step(), reset: () => this.#reset(READY) });
    addEventListener("hashchange", () => this.#hashChanged());
    void this.#open();
  }

  async #open(): Promise<void> {
    try {
      this.#opened(await this.#client.open());
    } catch (error) {
      setText(byId("adapter", HTMLElement), "No training here");
      this.#fail(error);
    }
  }

  #opened(opened: Opened): void {
    setText(byId("adapter", HTMLElement), adapterWords(opened));
    setWords(byId("lack", HTMLElement), lackWords(opened));
    const small = opened.kind === "cpu";
    if (small === this.#small) return;
    this.#small = small;
    if (this.#phase === "ready") this.#apply(readHash(route.value.query, small).settings);
  }

  /** Shows settings that are good, and what they make. */
  #apply(settings: Settings): void {
    this.#settings = settings;
    this.#form.show(settings);
    this.#make();
  }

  #make(): void {
    try {
      this.#made = make(this.#settings, this.#small);
      this.#showModel(this.#made);
      this.#results.clear(this.#made);
      setWords(byId("error", HTMLElement), "");
    } catch (error) {
      this.#made = undefined;
      this.#fail(error);
    }
  }

  #showModel({ summary }: Made): void {
    const shape = (sizes: readonly number[]): string => sizes.join(" x ");
    const rows = summary.rows.map(({ kind, output, parameters }) =>
      tableRow([kind, shape(output), parameters === 0 ? "" : whole(parameters)], [1, 2]),
    );
    byId("layers", HTMLTableSectionElement).replaceChildren(...rows);
    const total = tableRow(["total", "", whole(summary.parameters)], [1, 2]);
    byId("total", HTMLTableSectionElement).replaceChildren(total);
    const { parameters, state, activations } = summary.bytes;
    const words = [
      `Memory: parameters ${showBytes(parameters)}`,
      `optimizer state ${showBytes(state)}`,
      `activations at most about ${showBytes(activations)}.`,
    ];
    setText(byId("memory", HTMLElement), words.join(", "));
  }

  #tell(notes: readonly string[]): void {
    const words = notes.length > 0 ? `The address held something this page cannot use: ${notes.join("; ")}.` : "";
    setWords(byId("notes", HTMLElement), words);
  }

  #kindChanged(): void {
    const { data, optimizer } = this.#form;
    const settings = this.#form.read().settings ?? this.#settings;
    const { data: before, optimizer: old } = this.#settings;
    const changed = changeKind({ ...settings, data: before, optimizer: old }, { data, optimizer }, this.#small);
    this.#changed(changed);
  }

  #numberChanged(): void {
    const { settings } = this.#form.read();
    if (settings) this.#changed(settings);
  }

  #changed(settings: Settings): void {
    const active = this.#active;
    this.#settings = settings;
    this.#reset(active ? "Settings changed: the training was stopped. Ready" : READY);
    this.#form.show(settings);
    this.#tell([]);
    keepQuery("train", writeHash(settings).slice(1));
  }

  #hashChanged(): void {
    if (`#${route.value.query}` === writeHash(this.#settings)) return;
    const { settings, notes } = readHash(route.value.query, this.#small);
    this.#tell(notes);
    this.#settings = settings;
    this.#reset(READY);
    this.#form.show(settings);
  }

  get #active(): boolean {
    return this.#phase === "preparing" || this.#phase === "running" || this.#phase === "paused";
  }

  #enter(phase: Phase, words: string): void {
    this.#phase = phase;
    this.#run.textContent =
      phase === "running" || phase === "preparing" ? "Pause" : phase === "paused" ? "Resume" : "Run";
    document.documentElement.dataset.phase = phase;
    this.#status.state(words);
  }

  #toggle(): void {
    if (this.#phase === "running" || this.#phase === "preparing") this.#pause();
    else if (this.#phase === "paused") this.#resume();
    else void this.#start(false);
  }

  #pause(): void {
    this.#enter("paused", "Pausing: the steps in flight land first");
    this.#landed = false;
    void this.#client.pause().catch((error: unknown) => this.#fail(error));
  }

  #resume(): void {
    this.#enter("running", "Training");
    void this.#client.resume().catch((error: unknown) => this.#fail(error));
  }

  #step(): void {
    if (this.#phase === "running" || this.#phase === "preparing") this.#pause();
    else if (this.#phase === "paused") void this.#client.step().catch((error: unknown) => this.#fail(error));
    else if (this.#phase === "ready") void this.#start(true);
  }

  /** Stops what runs and goes back to an empty run of the same settings. */
  #reset(words: string): void {
    const active = this.#active;
    this.#turn++;
    this.#enter("ready", words);
    if (active) void this.#client.stop().catch((error: unknown) => this.#fail(error));
    this.#make();
  }

  async #start(stepwise: boolean): Promise<void> {
    const { settings, wrong } = this.#form.read();
    if (!settings || !this.#made) {
      wrong?.focus();
      this.#status.state("Not started: a setting is out of its limits");
      return;
    }
    this.#make();
    this.#landed = false;
    const turn = ++this.#turn;
    this.#enter(stepwise ? "paused" : "preparing", "Preparing: compiling and uploading");
    await this.#free;
    if (turn !== this.#turn) return;
    const job = { ...this.#made.job, paused: this.#phase === "paused" };
    const ended = this.#client.start(job, (progress) => {
      if (turn === this.#turn) this.#heard(progress);
    });
    this.#free = ended.catch(() => {});
    if (stepwise) this.#step();
    try {
      const outcome = await ended;
      if (turn === this.#turn) this.#finished(outcome);
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  #heard(progress: Progress): void {
    this.#results.add(progress);
    if (this.#phase === "preparing") this.#enter("running", "Training");
    if (this.#phase === "running") this.#status.progress(`Training: ${this.#results.words}`);
    if (this.#phase === "paused" && progress.paused) this.#rest();
  }

  /** Nothing is in flight any more: at once said the first time, seldom for the single steps after it. */
  #rest(): void {
    if (this.#results.steps === 0) return;
    const words = `Paused: ${this.#results.words}`;
    if (this.#landed) this.#status.progress(words);
    else this.#status.state(words);
    this.#landed = true;
  }

  #finished(outcome: Outcome): void {
    const { finished, test, steps, seconds } = outcome;
    this.#results.finish(outcome);
    if (!finished) return;
    const took = `${whole(steps)} steps in ${seconds.toFixed(1)} s of training`;
    const score = test ? `test accuracy ${showShare(test.accuracy)} on ${whole(test.count)} rows` : "no test rows";
    this.#enter("finished", `Finished: ${score}, ${took}.`);
  }

  #fail(error: unknown): void {
    const words = errorWords(error);
    const step = /not finite at step (\d+)/.exec(words)?.[1];
    if (step !== undefined) this.#results.diverged(Number(step));
    setWords(byId("error", HTMLElement), words);
    this.#turn++;
    this.#enter("failed", "Stopped by an error");
  }
}
