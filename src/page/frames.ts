// How smoothly the page runs: frames of the last second and the longest gap, for people and for the test that measures it.
import { signal } from "@preact/signals";

export interface Frames {
  /** Frames a second. */
  readonly rate: number;
  /** Milliseconds of the longest gap between two frames in that second. */
  readonly longest: number;
}

export const frames = signal<Frames | undefined>(undefined);

let counting = false;

/** Counts from now on while the page is visible. */
export function countFrames(): void {
  if (counting) return;
  counting = true;
  let [count, start, before, longest] = [0, 0, 0, 0];
  const next = (now: number): void => {
    if (before > 0) longest = Math.max(longest, now - before);
    before = now;
    count++;
    if (now - start >= 1000) {
      // The first second after a pause of the page has no beginning.
      if (start > 0 && now - start < 2000) frames.value = { rate: (1000 * (count - 1)) / (now - start), longest };
      [count, start, longest] = [1, now, 0];
    }
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}
