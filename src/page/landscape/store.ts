// The Landscapes view's state: settings, the trails they give, the step that is looked at.
import { effect, signal } from "@preact/signals";
import { lab } from "../lab/client.ts";
import type { Trail } from "../lab/protocol.ts";
import { keepQuery, route } from "../route.ts";
import { stillness } from "../theme.ts";
import { errorWords } from "../words.ts";
import { type LandscapeSettings, readLandscape, trailJob, writeLandscape } from "./settings.ts";

const begun = readLandscape(route.value.view === "landscape" ? route.value.query : "");
export const settings = signal<LandscapeSettings>(begun.settings);
export const notes = signal<readonly string[]>(begun.notes);
export const error = signal("");
/** Of the settings in `trailsOf`. */
export const trails = signal<readonly Trail[]>([]);
export const step = signal(0);
export const playing = signal(false);
export const busy = signal(false);

/** Seconds in which a whole trail is played. */
const PLAY = 5;

let turn = 0;
let frame = 0;
/** The newest settings to be played once those in the worker have landed. */
let waiting: LandscapeSettings | undefined;

async function playOne(of: LandscapeSettings): Promise<void> {
  const mine = ++turn;
  try {
    const made = await lab.trails(trailJob(of));
    if (mine !== turn) return;
    error.value = "";
    const whole =
      step.peek() === 0 || step.peek() >= trails.peek().reduce((n, { values }) => Math.max(n, values.length - 1), 0);
    trails.value = made;
    if (whole || step.peek() > of.steps) step.value = of.steps;
  } catch (what) {
    if (mine === turn) error.value = errorWords(what);
  }
}

/** Plays the settings in the worker; while it works, only the newest ones wait. */
export async function play(of: LandscapeSettings): Promise<void> {
  waiting = of;
  if (busy.value) return;
  busy.value = true;
  while (waiting) {
    const next: LandscapeSettings = waiting;
    waiting = undefined;
    await playOne(next);
  }
  busy.value = false;
}

/** Settings by a person: into the address, and played. */
export function change(part: Partial<LandscapeSettings>): void {
  const next = { ...settings.value, ...part };
  settings.value = next;
  keepQuery("landscape", writeLandscape(next));
  void play(next);
}

export function pause(): void {
  playing.value = false;
  cancelAnimationFrame(frame);
}

/** Lets the step run to the end, from the beginning if it is there; at once where motion is to be little. */
export function toggle(): void {
  if (playing.value) {
    pause();
    return;
  }
  const { steps } = settings.value;
  if (stillness()) {
    step.value = steps;
    return;
  }
  const from = step.value >= steps ? 0 : step.value;
  const begin = performance.now();
  playing.value = true;
  const draw = (now: number): void => {
    step.value = Math.min(steps, Math.round(from + (steps * (now - begin)) / (1000 * PLAY)));
    if (step.value >= steps) pause();
    else frame = requestAnimationFrame(draw);
  };
  frame = requestAnimationFrame(draw);
}

export function seek(to: number): void {
  pause();
  step.value = Math.min(settings.value.steps, Math.max(0, Math.round(to)));
}

/** Follows the address and plays for the first time; called once. */
export function followLandscape(): void {
  void play(settings.value);
  effect(() => {
    const { view, query } = route.value;
    if (view !== "landscape" || query === writeLandscape(settings.peek())) return;
    const read = readLandscape(query);
    notes.value = read.notes;
    if (writeLandscape(read.settings) === writeLandscape(settings.peek())) return;
    settings.value = read.settings;
    void play(read.settings);
  });
}
