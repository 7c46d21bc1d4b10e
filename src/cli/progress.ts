// Progress on stderr: one live line on a terminal, a line per 10 % otherwise. The runs' leader is by training loss.
import type { Facts, Progress } from "./job.ts";

/** Where lines go; process.stderr is one. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** 7 s, 2 min 05 s, 1 h 02 min. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, "0");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** Three digits, thousands separated: 0.0123, 4.56, 1,234. */
export function brief(value: number): string {
  if (!Number.isFinite(value)) return "not finite";
  const size = Math.abs(value);
  if (size >= 1000) return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
  if (size >= 100) return value.toFixed(0);
  return size !== 0 && size < 1e-3 ? value.toExponential(1) : value.toPrecision(3);
}

/** `43 %  36 runs  step 380/880  adam 0.01 loss 0.312  24.1 steps/s  868 run-steps/s  20 s left`. */
export function progressLine(facts: Pick<Facts, "entries" | "seeds" | "steps" | "start">, progress: Progress): string {
  const { steps, start } = facts;
  const { step, seconds, leader } = progress;
  const runs = facts.entries.length * facts.seeds.length;
  const rate = (step - start) / Math.max(seconds, 1e-9);
  const parts = [
    `${String(Math.floor((100 * (step - start)) / Math.max(1, steps - start))).padStart(3)} %`,
    `${runs} run${runs === 1 ? "" : "s"}`,
    `step ${step}/${steps}`,
    `${facts.entries.length > 1 ? `${leader.entry} ` : ""}loss ${brief(leader.loss)}`,
    `${brief(rate)} steps/s`,
    ...(runs > 1 ? [`${brief(rate * runs)} run-steps/s`] : []),
    `${duration((steps - step) / rate)} left`,
  ];
  return parts.join("  ");
}

const CLEAR_LINE = "\r\x1b[K";

/** A line that is written over again and again; nothing where no terminal shows it. */
export class LiveLine {
  readonly #to: Terminal;
  #live = false;

  constructor(to: Terminal) {
    this.#to = to;
  }

  show(line: string): void {
    if (!this.#to.isTTY) return;
    this.#live = true;
    this.#to.write(CLEAR_LINE + line.slice(0, Math.max(20, (this.#to.columns || 100) - 1)));
  }

  /** Leaves the terminal on an empty line. */
  end(): void {
    if (this.#live) this.#to.write(CLEAR_LINE);
    this.#live = false;
  }
}

/** A job's progress. */
export class ProgressLine {
  readonly #to: Terminal;
  readonly #line: LiveLine;
  #facts: Facts | undefined;
  #tenth = 0;

  constructor(to: Terminal) {
    this.#to = to;
    this.#line = new LiveLine(to);
  }

  facts(facts: Facts): void {
    this.#facts = facts;
    this.#tenth = 0;
  }

  progress(progress: Progress): void {
    const facts = this.#facts;
    if (!facts) return;
    const line = progressLine(facts, progress);
    this.#line.show(line);
    const tenth = Math.floor((10 * (progress.step - facts.start)) / Math.max(1, facts.steps - facts.start));
    if (this.#to.isTTY || tenth <= this.#tenth) return;
    this.#tenth = tenth;
    this.#to.write(`${line}\n`);
  }

  end(): void {
    this.#line.end();
  }
}
