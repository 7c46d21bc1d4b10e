// Run, Step and Reset with their keys, what is going on, and what went wrong.
import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import { whole } from "../../report/words.ts";
import { error, goOn, type Phase, phase, rescued, reset, step, toggle } from "./store.ts";
import { status } from "./told.ts";

/** Whether single keys work; people who speak to their computer switch them off. */
export const shortcuts = signal(true);

/** Fields take every key; what is pressed by Space keeps Space, and a chart or pad keeps its own. */
const takes = (target: EventTarget | null, key: string): boolean => {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("input:not([type=checkbox]), select, textarea, [data-keys]")) return true;
  return key === " " && target.closest("button, summary, input, a") !== null;
};

function useKeys(): void {
  useEffect(() => {
    const actions: Readonly<Record<string, () => void>> = { " ": toggle, ".": step, r: () => reset() };
    const act = (event: KeyboardEvent): void => {
      const { key, ctrlKey, metaKey, altKey, repeat, target } = event;
      if (!shortcuts.value || ctrlKey || metaKey || altKey || takes(target, key)) return;
      const action = Object.hasOwn(actions, key) ? actions[key] : undefined;
      if (!action || (repeat && key !== ".")) return;
      event.preventDefault();
      action();
    };
    addEventListener("keydown", act);
    return () => removeEventListener("keydown", act);
  }, []);
}

const NAMES: Readonly<Record<Phase, string>> = {
  ready: "Run",
  preparing: "Pause",
  running: "Pause",
  paused: "Resume",
  finished: "Run again",
  failed: "Run again",
};

function Lost() {
  const left = rescued.value;
  if (!left) return null;
  return (
    <p>
      <button type="button" id="go-on" class="primary" onClick={goOn}>
        Go on from step {whole(left.step)}
      </button>
    </p>
  );
}

export function Controls() {
  useKeys();
  return (
    <>
      <div class="buttons">
        <button type="button" id="run" class="primary" aria-keyshortcuts="Space" onClick={toggle}>
          {NAMES[phase.value]}
        </button>
        <button type="button" id="step" aria-keyshortcuts="." onClick={step}>
          Step
        </button>
        <button type="button" id="reset" aria-keyshortcuts="r" onClick={() => reset()}>
          Reset
        </button>
      </div>
      <p id="status" role="status">
        {status}
      </p>
      {error.value !== "" && (
        <div id="error" role="alert" class="error">
          <p>{error}</p>
          <Lost />
        </div>
      )}
    </>
  );
}
