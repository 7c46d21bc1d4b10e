// Schedules that follow the losses: every run has its own copies, told each step's loss in order. Loaded where there are such.
import { fail } from "../core/check.ts";
import type { Optimizer } from "../optim/chain.ts";
import { isSchedule, type Listener, type ListenerState, schedules } from "../optim/schedule.ts";
import type { Listeners } from "./layout.ts";

export class Following implements Listeners {
  readonly #all: { readonly run: number; readonly listener: Listener; readonly start: ListenerState }[] = [];
  /** Losses that arrived before those of an earlier step. */
  readonly #early = new Map<number, Float64Array>();
  #step = 0;

  /** A run's optimizer with schedules of its own in place of those that listen. */
  own(optimizer: Optimizer, run: number): Optimizer {
    const replaced = (data: unknown): unknown => {
      if (typeof data !== "object" || data === null) return data;
      const listener = isSchedule(data) ? schedules.get(data.kind)?.listen?.(data, run) : undefined;
      if (listener) this.#all.push({ run, listener, start: listener.state() });
      if (listener) return listener.spec;
      if (Array.isArray(data)) return typeof data[0] === "object" ? data.map(replaced) : data;
      return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, replaced(value)]));
    };
    return replaced(optimizer) as Optimizer;
  }

  horizon(): number {
    return Math.min(...this.#all.map(({ listener }) => listener.horizon()));
  }

  tell(step: number, losses: Float64Array): void {
    if (this.#all.length === 0) return;
    this.#early.set(step, losses);
    for (let next = this.#early.get(this.#step); next; next = this.#early.get(this.#step)) {
      for (const { run, listener } of this.#all) listener.tell(next[run] as number);
      this.#early.delete(this.#step++);
    }
  }

  state(): ListenerState[] {
    return this.#all.map(({ listener }) => listener.state());
  }

  reset(): void {
    this.restore(
      0,
      this.#all.map(({ start }) => start),
    );
  }

  restore(step: number, states: readonly ListenerState[]): void {
    if (states.length !== this.#all.length) {
      fail("restore", `${states.length} schedules that follow losses, expected ${this.#all.length}`);
    }
    this.#step = step;
    this.#early.clear();
    states.forEach((state, i) => void this.#all[i]?.listener.restore(state));
  }
}
