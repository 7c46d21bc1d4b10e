// Single keys: Space, full stop, r. Never while a field has the focus, and off where a person has switched them off.
import { byId } from "./dom.ts";

export interface Actions {
  readonly run: () => void;
  readonly step: () => void;
  readonly reset: () => void;
}

/** Fields take every key; what is pressed by Space keeps Space. */
const takes = (target: EventTarget | null, key: string): boolean => {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("input:not([type=checkbox]), select, textarea")) return true;
  return key === " " && target.closest("button, summary, input") !== null;
};

export function listenKeys({ run, step, reset }: Actions): void {
  const allowed = byId("shortcuts", HTMLInputElement);
  const actions: Readonly<Record<string, () => void>> = { " ": run, ".": step, r: reset };
  addEventListener("keydown", (event) => {
    if (!allowed.checked || event.ctrlKey || event.metaKey || event.altKey || takes(event.target, event.key)) return;
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
    if (!action || (event.repeat && event.key !== ".")) return;
    event.preventDefault();
    action();
  });
}
