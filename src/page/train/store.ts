// The Train view's state and what may be done to it. One training at a time; it goes on while another view is shown.
import { batch, computed, effect, signal } from "@preact/signals";
import type { Dataset } from "../../data/index.ts";
import { short, whole } from "../../report/words.ts";
import { known } from "../../worker/known.ts";
import { engine } from "../engine.ts";
import { keepQuery, route } from "../route.ts";
import type { Job, Opened, Outcome, Progress, Rescue, Watched } from "../trainer/protocol.ts";
import { errorWords } from "../words.ts";
import { writeQuery, readQuery } from "./hash.ts";
import { History } from "./history.ts";
import { showShare } from "./numbers.ts";
import { type Made, make } from "./recipe.ts";
import type { Settings } from "./settings.ts";
import { READY, redraw, revision, tell, tellSeldom } from "./told.ts";
import { holdAwake } from "./wake.ts";

export type Phase = "ready" | "preparing" | "running" | "paused" | "finished" | "failed";

// Every layer, loss, rule and schedule enters its registry by being imported; a bundler keeps what has a use.
if (known.some((family) => Object.keys(family).length === 0)) throw new Error("page: a family of the library is empty");

/** Trains on the CPU. */
let small = false;
const begun = readQuery(route.value.view === "train" ? route.value.query : "", false);

export const settings = signal<Settings>(begun.settings);
/** What of the address could not be used. */
export const notes = signal<readonly string[]>(begun.notes);
/** A person's own data. */
export const ownData = signal<Dataset | undefined>(undefined);
export const phase = signal<Phase>("ready");
export const error = signal("");
/** What is left of a training whose device was lost. */
export const rescued = signal<Rescue | undefined>(undefined);
export const watched = signal<Watched>({ layers: false, weights: false, confusion: false });

/** What the settings make, or words on why they make nothing. */
export const made = computed((): { readonly made?: Made; readonly wrong?: string } => {
  try {
    return { made: make(settings.value, ownData.value) };
  } catch (caught) {
    return { wrong: errorWords(caught) };
  }
});

export const history = signal<History | undefined>(made.value.made && new History(made.value.made));

/** The present history, for components: what reads it is drawn again when it grows. */
export function currentRun(): History | undefined {
  revision.value;
  return history.value;
}

/** Counts trainings, so that what an ended one still says is not heard. */
let turn = 0;
/** Resolves when the worker is free. */
let free: Promise<unknown> = Promise.resolve();
/** The steps that were in flight at a pause have arrived. */
let landed = false;

export const active = (): boolean => ["preparing", "running", "paused"].includes(phase.value);

function enter(next: Phase, words: string): void {
  phase.value = next;
  document.documentElement.dataset.phase = next;
  holdAwake(next === "running" || next === "preparing");
  tell(words);
}

function failWith(caught: unknown): void {
  const words = errorWords(caught);
  const step = /not finite at step (\d+)/.exec(words)?.[1];
  if (step !== undefined && history.value) history.value.diverged = Number(step);
  error.value = words;
  turn++;
  enter("failed", "Stopped by an error");
  redraw(true);
  if (caught instanceof Error && caught.name === "DeviceLost") void offerRescue();
}

/** After a lost device: the last snapshot, to go on from. */
async function offerRescue(): Promise<void> {
  rescued.value = await engine.rescue().catch(() => undefined);
  const { value } = rescued;
  tell(value ? `The GPU was lost. The training can go on from step ${whole(value.step)}.` : "The GPU was lost.");
}

/** The numbers as a sentence. */
export function progressWords(): string {
  const run = history.value;
  if (!run || run.steps === 0) return "no steps yet";
  const last = run.validations.at(-1);
  // Of a training taken up there are no losses of the steps before it.
  const loss = run.loss.smooth(0.9).at(-1);
  const share = run.made.facts.labels ? `accuracy ${showShare(last?.accuracy)}` : `loss ${short(last?.loss)}`;
  const validation = last ? `, validation ${share} at step ${whole(last.step)}` : "";
  return `step ${whole(run.steps)} of ${whole(run.made.job.steps)}, loss ${Number.isFinite(loss) || run.diverged !== undefined ? short(loss) : "–"}${validation}`;
}

/** Stops what runs and goes back to an empty run of the settings as they are. */
export function reset(words = READY): void {
  if (phase.value !== "ready") void engine.stop().catch(failWith);
  turn++;
  batch(() => {
    error.value = "";
    rescued.value = undefined;
    history.value = made.value.made && new History(made.value.made);
    enter("ready", words);
    redraw(true);
  });
}

/** Takes new settings, into the address too. What runs is stopped. */
export function change(next: Settings): void {
  const was = active();
  batch(() => {
    settings.value = next;
    notes.value = [];
    reset(was ? "Settings changed: the training was stopped. Ready." : READY);
  });
  keepQuery("train", writeQuery(next));
}

function heard(progress: Progress): void {
  history.value?.add(progress);
  redraw(progress.paused);
  if (phase.value === "preparing" && progress.first + progress.loss.length > 0) enter("running", "Training");
  if (phase.value === "running") tellSeldom(`Training: ${progressWords()}`);
  if (phase.value !== "paused" || !progress.paused || (history.value?.steps ?? 0) === 0) return;
  // At once said the first time, seldom for the single steps after it.
  if (landed) tellSeldom(`Paused: ${progressWords()}`);
  else tell(`Paused: ${progressWords()}`);
  landed = true;
}

function finished(outcome: Outcome): void {
  const run = history.value;
  if (run) run.outcome = outcome;
  if (!outcome.finished) return;
  const { test, steps, seconds } = outcome;
  const value = run?.made.facts.labels ? `accuracy ${showShare(test?.accuracy)}` : `loss ${short(test?.loss)}`;
  const score = test ? `test ${value} on ${whole(test.count)} rows` : "no test rows";
  enter("finished", `Finished: ${score}, ${whole(steps)} steps in ${seconds.toFixed(1)} s of training.`);
  redraw(true);
}

/** Starts a job in the present history; stepwise takes one step and waits, or with words, told then, waits at once. */
async function begin(job: Job, stepwise: boolean, words?: string): Promise<void> {
  landed = false;
  const mine = ++turn;
  error.value = "";
  rescued.value = undefined;
  enter(stepwise ? "paused" : "preparing", "Preparing: compiling and uploading");
  await free;
  if (mine !== turn) return;
  const ended = engine.start(
    { ...job, paused: phase.value === "paused" },
    (progress) => {
      if (mine === turn || (progress.paused && phase.value === "finished")) heard(progress);
    },
    (prepared) => {
      if (mine !== turn || !history.value) return;
      history.value.prepared = prepared;
      if (words) tell(words);
      redraw(true);
    },
  );
  free = ended.catch(() => {});
  if (stepwise && !words) void engine.step().catch(failWith);
  try {
    const outcome = await ended;
    if (mine === turn) finished(outcome);
  } catch (caught) {
    if (mine === turn) failWith(caught);
  }
}

function start(stepwise: boolean): void {
  const { made: able, wrong } = made.value;
  if (!able) {
    error.value = wrong ?? "";
    tell("Not started: the settings do not fit together");
    return;
  }
  history.value = new History(able);
  void begin(able.job, stepwise);
}

/** Goes on from the last snapshot after the device was lost. */
export function goOn(): void {
  const left = rescued.value;
  const run = history.value;
  if (!left || !run) return;
  run.cut(left.step);
  void begin({ ...run.made.job, checkpoint: left.checkpoint }, false);
}

/** Prepares the settings' training with what a file held, at the checkpoint's step, and waits to be resumed. */
export function startWith(given: Pick<Job, "weights"> | Required<Pick<Job, "checkpoint">>, at = 0): void {
  const { made: able } = made.value;
  if (!able) return;
  reset();
  const run = new History(able);
  run.skip(at);
  history.value = run;
  const words = at === 0 ? "Begins with the file's weights" : `Goes on from step ${whole(at)} of the file`;
  void begin({ ...able.job, ...given }, true, `${words}: Resume, or Step.`);
}

/** Run, pause or resume: whichever the button says. */
export function toggle(): void {
  if (phase.value === "running" || phase.value === "preparing") {
    landed = false;
    enter("paused", "Pausing: the steps in flight land first");
    void engine.pause().catch(failWith);
  } else if (phase.value === "paused") {
    enter("running", "Training");
    void engine.resume().catch(failWith);
  } else if (rescued.value) goOn();
  else start(false);
}

/** One step; pauses first. */
export function step(): void {
  if (phase.value === "running" || phase.value === "preparing") toggle();
  else if (phase.value === "paused") void engine.step().catch(failWith);
  else if (phase.value === "ready") start(true);
}

/** Tells the worker which panels are open. */
export function watch(panel: keyof Watched, open: boolean): void {
  if (watched.value[panel] === open) return;
  watched.value = { ...watched.value, [panel]: open };
  void engine.watch(watched.value).catch(failWith);
}

function openedOn({ kind }: Opened): void {
  const slow = kind === "cpu";
  if (slow === small) return;
  small = slow;
  if (phase.value !== "ready" || route.value.query !== "" || route.value.view !== "train") return;
  settings.value = readQuery("", small).settings;
  reset();
}

export const isSmall = (): boolean => small;

/** Follows the address and opens the worker; called once. Resolves when it is open, or has failed in words. */
export function openTrain(): Promise<void> {
  effect(() => {
    const { view, query } = route.value;
    if (view !== "train" || query === writeQuery(settings.peek())) return;
    const read = readQuery(query, small);
    if (writeQuery(read.settings) !== writeQuery(settings.peek())) {
      settings.value = read.settings;
      reset();
    }
    notes.value = read.notes;
  });
  return engine.open().then(openedOn, failWith);
}
