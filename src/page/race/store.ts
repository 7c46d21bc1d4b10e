// The Race view's state and what may be done to it. The race goes on while another view is shown.
import { batch, computed, effect, signal } from "@preact/signals";
import type { Done, Facts, Job, Point } from "../../cli/job.ts";
import { recipeOf, resultOf } from "../../cli/outcome.ts";
import type { RaceResult } from "../../report/index.ts";
import { short, whole } from "../../report/words.ts";
import type { RaceNews } from "../lab/protocol.ts";
import { lab } from "../lab/client.ts";
import { keepQuery, route } from "../route.ts";
import { errorWords } from "../words.ts";
import { raceJob, type RaceSettings, readRace, runsOf, writeRace } from "./settings.ts";
import { usualTarget } from "./standings.ts";

export type Phase = "ready" | "preparing" | "running" | "paused" | "finished" | "stopped" | "failed";

/** One race: what it is, and what has been heard of it. */
export interface Heard {
  readonly job: Job;
  readonly facts: Facts | undefined;
  readonly points: readonly Point[];
  readonly step: number;
  readonly seconds: number;
  readonly leader: string;
  readonly done: Done | undefined;
}

/** Milliseconds between two sentences of progress. */
const SELDOM = 4000;
const READY = "Ready: every optimizer starts each seed from the same weights and sees the same batches.";

const begun = readRace(route.value.view === "race" ? route.value.query : "");
export const settings = signal<RaceSettings>(begun.settings);
export const notes = signal<readonly string[]>(begun.notes);
export const phase = signal<Phase>("ready");
export const status = signal(READY);
export const error = signal("");
export const heard = signal<Heard | undefined>(undefined);
/** A target of the person's own; undefined for the usual one. */
export const ownTarget = signal<number | undefined>(undefined);

export const active = computed(() => ["preparing", "running", "paused"].includes(phase.value));

export const target = computed(() => {
  const { facts, points } = heard.value ?? {};
  return ownTarget.value ?? (facts && points ? usualTarget(points, facts) : 0);
});

/** The race as the command's report has it; undefined before its end. */
export const result = computed((): RaceResult | undefined => {
  const of = heard.value;
  if (!of?.facts || !of.done || of.points.length === 0) return undefined;
  const { facts, points, done, job } = of;
  const made = { version: "", commit: "", date: new Date().toISOString(), browser: navigator.userAgent };
  return resultOf({ facts, points, done }, { name: "race", kind: "race", recipe: recipeOf(job, facts), made });
});

let turn = 0;
let toldAt = 0;

function enter(next: Phase, words: string): void {
  batch(() => {
    phase.value = next;
    status.value = words;
  });
  toldAt = performance.now();
}

function fail(what: unknown): void {
  turn++;
  error.value = errorWords(what);
  enter("failed", "Stopped by an error");
}

/** Settings by a person or a link: they stop what runs. */
export function change(next: RaceSettings): void {
  const was = active.value;
  settings.value = next;
  keepQuery("race", writeRace(next));
  if (was) stop();
  else if (phase.value !== "ready") enter("ready", READY);
}

function hear(news: RaceNews): void {
  const of = heard.value;
  if (!of) return;
  if (news.type === "facts") {
    heard.value = { ...of, facts: news };
    if (phase.value === "preparing") enter("running", "Racing");
    return;
  }
  const points = news.points.length > 0 ? [...of.points, ...news.points] : of.points;
  const step = Math.max(of.step, news.step);
  if (news.type === "done") heard.value = { ...of, points, step, done: news };
  else {
    heard.value = { ...of, points, step, seconds: news.seconds, leader: news.leader.entry };
    if (phase.value === "running" && performance.now() - toldAt > SELDOM) {
      const { entry, loss } = news.leader;
      enter("running", `Racing: step ${whole(step)} of ${whole(of.job.steps ?? 0)}, ${entry} leads at ${short(loss)}`);
    }
  }
}

const finishedWords = (): string => {
  const of = heard.value;
  if (!of?.done || !of.facts) return "Finished";
  const { winner, seconds } = of.done;
  const { metricName, data } = of.facts;
  const score = metricName ? `${(100 * (winner?.test.accuracy ?? 0)).toFixed(1)} %` : short(winner?.test.loss);
  const read = winner
    ? `: ${winner.entry} won on validation rows and reads ${score} on ${whole(data.test)} test rows`
    : "";
  return `Finished in ${seconds.training.toFixed(1)} s${read}.`;
};

export async function start(): Promise<void> {
  const mine = ++turn;
  enter("preparing", "Preparing: compiling and uploading");
  batch(() => {
    error.value = "";
    ownTarget.value = undefined;
  });
  try {
    const job = await raceJob(settings.value);
    if (mine !== turn) return;
    heard.value = { job, facts: undefined, points: [], step: 0, seconds: 0, leader: "", done: undefined };
    const source = new URL("digits.bin", document.baseURI).href;
    await lab.race(job, source, (news) => {
      if (mine === turn) hear(news);
    });
    if (mine !== turn) return;
    const stopped = heard.value.done?.stopped ?? true;
    enter(stopped ? "stopped" : "finished", stopped ? `Stopped at step ${whole(heard.value.step)}` : finishedWords());
  } catch (what) {
    if (mine === turn) fail(what);
  }
}

/** Run, pause or resume: whichever the button says. */
export function toggle(): void {
  if (phase.value === "running") {
    lab.pause();
    enter("paused", `Paused at about step ${whole(heard.value?.step ?? 0)}`);
  } else if (phase.value === "paused") {
    lab.resume();
    enter("running", "Racing");
  } else if (phase.value !== "preparing") void start();
}

/** Ends the race early; what was measured stays. */
export function stop(): void {
  if (!active.value) return;
  lab.stop().catch(fail);
}

export const words = computed(() => `${whole(runsOf(settings.value))} runs`);

/** Follows the address; called once. */
export function followRace(): void {
  effect(() => {
    const { view, query } = route.value;
    if (view !== "race" || query === writeRace(settings.peek())) return;
    const read = readRace(query);
    notes.value = read.notes;
    if (writeRace(read.settings) === writeRace(settings.peek())) return;
    stop();
    settings.value = read.settings;
  });
}
