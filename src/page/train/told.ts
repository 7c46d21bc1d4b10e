// What the Train view says and when it draws: a change of state at once, progress every few seconds, so that nobody is flooded.
import { signal } from "@preact/signals";
import { stillness } from "../theme.ts";

export const READY = "Ready: press Run, or the Space key.";
/** Milliseconds between two sentences of progress, and between redraws where motion is to be little. */
const SELDOM = 4000;
const STILL = 1000;

/** For the live region. */
export const status = signal(READY);
/** Grows with what a history holds: read it to draw again. */
export const revision = signal(0);

let toldAt = Number.NEGATIVE_INFINITY;
let tellLater: ReturnType<typeof setTimeout> | undefined;
let drawnAt = 0;
let drawLater: ReturnType<typeof setTimeout> | undefined;

export function tell(words: string): void {
  clearTimeout(tellLater);
  toldAt = performance.now();
  status.value = words;
}

/** The last of the sentences that come close together is said in the end. */
export function tellSeldom(words: string): void {
  clearTimeout(tellLater);
  const wait = toldAt + SELDOM - performance.now();
  if (wait <= 0) tell(words);
  else tellLater = setTimeout(() => tell(words), wait);
}

/** Draws again: at once, or at most once a second where motion is to be little. */
export function redraw(now: boolean): void {
  const wait = stillness() && !now ? drawnAt + STILL - performance.now() : 0;
  clearTimeout(drawLater);
  const draw = (): void => {
    drawnAt = performance.now();
    revision.value++;
  };
  if (wait <= 0) draw();
  else drawLater = setTimeout(draw, wait);
}
