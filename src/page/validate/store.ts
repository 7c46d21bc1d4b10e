// The Validate view's state: rows as they come, how much there is, what the adapter is.
import { batch, computed, signal } from "@preact/signals";
import type { Answered } from "../../cli/ask.ts";
import { whole } from "../../report/words.ts";
import { agrees } from "../../validate/report.ts";
import type { ValidationRow } from "../../validate/validate.ts";
import { lab } from "../lab/client.ts";
import type { Extent } from "../lab/protocol.ts";
import { errorWords } from "../words.ts";

export const rows = signal<readonly ValidationRow[]>([]);
export const extent = signal<Extent | undefined>(undefined);
export const answered = signal<Answered | undefined>(undefined);
export const running = signal(false);
export const error = signal("");
export const status = signal(
  "Every kernel of this page's engine, against its CPU reference, on this machine's own GPU.",
);

export const failed = computed(() => rows.value.filter((row) => !agrees(row)));
export const casesDone = computed(() => rows.value.reduce((sum, { cases }) => sum + cases, 0));

/** Milliseconds between two sentences of progress, and between two drawings of the table. */
const SELDOM = 4000;
const OFTEN = 100;

let turn = 0;

/** In words, what has been found. */
function verdict(stopped: boolean): string {
  const count = `${whole(rows.value.length)} kernels, ${whole(casesDone.value)} cases`;
  const wrong = failed.value.length;
  const found =
    wrong === 0
      ? "all agree with their references"
      : `${wrong} ${wrong === 1 ? "kernel disagrees" : "kernels disagree"}`;
  return `${stopped ? "Stopped" : "Finished"}: ${count}, ${found}.`;
}

export async function run(kernels: readonly string[] = []): Promise<void> {
  const mine = ++turn;
  batch(() => {
    running.value = true;
    rows.value = [];
    extent.value = undefined;
    answered.value = undefined;
    error.value = "";
    status.value = "Preparing: the cases and their references";
  });
  const fresh: ValidationRow[] = [];
  let [shownAt, toldAt] = [0, performance.now()];
  const show = (): void => {
    rows.value = [...rows.value, ...fresh.splice(0)];
    shownAt = performance.now();
  };
  try {
    const found = await lab.validate(
      kernels,
      (of) => {
        if (mine === turn) extent.value = of;
      },
      (row) => {
        if (mine !== turn) return;
        fresh.push(row);
        if (performance.now() - shownAt > OFTEN) show();
        if (performance.now() - toldAt < SELDOM) return;
        toldAt = performance.now();
        status.value = `Validating: ${whole(rows.value.length)} of ${whole(extent.value?.kernels ?? 0)} kernels, ${failed.value.length} disagree`;
      },
    );
    if (mine !== turn) return;
    show();
    batch(() => {
      answered.value = found;
      status.value = verdict(false);
    });
  } catch (what) {
    if (mine !== turn) return;
    show();
    if (what instanceof Error && what.name === "AbortError") status.value = verdict(true);
    else {
      error.value = errorWords(what);
      status.value = "Stopped by an error";
    }
  } finally {
    if (mine === turn) running.value = false;
  }
}

/** Ends it after the kernel that is played now. */
export function cancel(): void {
  status.value = "Stopping after this kernel";
  void lab.stop();
}
