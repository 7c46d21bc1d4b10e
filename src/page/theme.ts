// Light or dark, as the system has it: a signal for what draws on a canvas, and the colours by their names in style.css.
import { signal } from "@preact/signals";

/** Changes when the colours do. */
export const theme = signal(0);

globalThis.matchMedia?.("(prefers-color-scheme: dark)").addEventListener("change", () => {
  theme.value++;
});

// Made once and asked often: Chrome keeps something of every query a document ever made.
const still = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

/** Whether a person asks for as little motion as there can be. */
export const stillness = (): boolean => still?.matches === true;
