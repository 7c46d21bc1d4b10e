// A loss as words, "crossEntropy labelSmoothing 0.1": its kind, then its options by name.
import { fail, nearest } from "../core/check.ts";
import "../nn/index.ts";
import { type Loss, losses } from "../nn/losses.ts";
import { readItems } from "./words.ts";

export const lossNames: readonly string[] = [...losses.keys()];

const WHERE = "--loss";
/** Options that are numbers in a row, classWeights 1 2 0.5; posWeight may be one number as well. */
const LISTS = ["classWeights", "posWeight"];

/** Reads `huber delta 2`. Throws for an unknown loss, naming the likeliest; what the options may be, the loss' own check says. */
export function readLoss(text: string): Loss {
  const [item, more] = readItems(WHERE, text);
  if (!item || more || item.inner)
    return fail(WHERE, `"${text}" is not one loss`, "write its name and then its options");
  const { name, bare, options } = item;
  if (!losses.has(name)) {
    const meant = nearest(name, lossNames);
    const hint = meant ? `did you mean "${meant}"?` : `known are ${lossNames.join(", ")}`;
    return fail(WHERE, `"${name}" is no loss`, hint);
  }
  const list = Object.keys(options).find((option) => LISTS.includes(option));
  if (bare.length > 0 && !list)
    return fail(WHERE, `${name}: ${bare[0]} has no name`, `write ${name} and an option's name before it`);
  return {
    kind: name,
    ...options,
    ...(list && (bare.length > 0 || list === "classWeights") ? { [list]: [options[list], ...bare] } : {}),
  };
}
