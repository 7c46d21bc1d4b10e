// How many steps go into a submit: many where nobody waits for the GPU, few where a page must stay smooth. No result depends on it.

import { fail } from "../core/check.ts";

const PACES = ["throughput", "page"] as const;

/** "throughput": as many as the program holds. "page": about 10 ms of work, so that the page's own frames get their turn. */
export type PaceMode = (typeof PACES)[number];

/** Throws for a pace that is none; undefined stands for what suits the place. */
export function checkPace(where: string, pace: PaceMode | undefined): void {
  if (pace !== undefined && !PACES.includes(pace))
    fail(where, `pace ${JSON.stringify(pace)}`, `expected one of ${PACES.join(", ")}`);
}

/** Milliseconds of GPU work a submit on a visible page's own thread. */
const PAGE_BUDGET = 10;
/** Weight of the newest measurement. */
const FRESH = 0.3;

/** A visible page's own thread paces itself; workers, hidden or driven (headless) pages and Node do not. */
export function ownPace(scope: typeof globalThis = globalThis): PaceMode {
  const { document, navigator } = scope as { document?: Document; navigator?: Navigator };
  if (!document || navigator?.webdriver) return "throughput";
  return document.visibilityState === "visible" ? "page" : "throughput";
}

export class Pace {
  readonly #mode: PaceMode;
  readonly #most: number;
  #stepTime: number | undefined;

  constructor(mode: PaceMode, most: number) {
    this.#mode = mode;
    this.#most = most;
  }

  /** Steps of the next submit: at first few on a page, until their time is known. */
  next(): number {
    if (this.#mode === "throughput") return this.#most;
    if (this.#stepTime === undefined) return 1;
    return Math.max(1, Math.min(this.#most, Math.floor(PAGE_BUDGET / this.#stepTime)));
  }

  /** Tells how long a submit's steps took, in milliseconds of their own (waiting behind another left out). */
  took(steps: number, milliseconds: number): void {
    const each = milliseconds / steps;
    this.#stepTime = this.#stepTime === undefined ? each : (1 - FRESH) * this.#stepTime + FRESH * each;
  }
}
