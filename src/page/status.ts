// The one live region: a change of state at once, progress every few seconds, so that a screen reader is not flooded.
import { setText } from "./dom.ts";

/** Milliseconds between two sentences of progress. */
const SELDOM = 4000;

export class Status {
  readonly #place: HTMLElement;
  #at = Number.NEGATIVE_INFINITY;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(place: HTMLElement) {
    this.#place = place;
  }

  state(words: string): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#at = performance.now();
    setText(this.#place, words);
  }

  /** The last of the sentences that come close together is said in the end. */
  progress(words: string): void {
    clearTimeout(this.#later);
    const wait = this.#at + SELDOM - performance.now();
    if (wait <= 0) this.state(words);
    else this.#later = setTimeout(() => this.state(words), wait);
  }
}
