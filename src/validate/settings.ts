// Three settings of every rule: its defaults, others, and others again with its switches thrown.
import type { Rule } from "../optim/index.ts";
import type { Values } from "../optim/rule.ts";

/** Options that choose a form and are no numbers of a formula. */
export const SWITCHES: ReadonlySet<string> = new Set([
  "debias",
  "epsHat",
  "maxDebiased",
  "nesterov",
  "dampenFirst",
  "averaged",
  "epsInside",
  "epsAfter",
  "epsDebiased",
  "constant",
  "clipping",
  "staleMean",
  "seeded",
  "adaptive",
  "plain",
  "epsAdded",
  "relative",
  "byRow",
]);

/** Options that count steps, or are powers. */
export const COUNTS: ReadonlySet<string> = new Set(["k", "steps", "from", "warmup", "weightPower"]);

/** Decays below 1 stay between 0 and 1, other numbers grow; 0 becomes something. */
function varied(name: string, value: number, k: number): number {
  if (k === 0) return value;
  if (SWITCHES.has(name)) return k === 2 ? 1 - value : value;
  if (COUNTS.has(name)) return value + k;
  if (value === 0) return k / 10;
  return value >= 0.5 && value < 1 ? value ** (k + 1) : value * (1 + k / 2);
}

export const settingsOf = ({ options }: Rule): Values[] =>
  [0, 1, 2].map((k) =>
    Object.fromEntries(Object.entries(options).map(([name, value]) => [name, varied(name, value, k)])),
  );
