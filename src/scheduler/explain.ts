// Why a plan is as it is, in words: what each fused dispatch saves by the cost model, and what passes chose by number.
import type { Choice, ChoiceKind } from "./choices.ts";
import { costOf } from "./cost.ts";
import type { Dispatch } from "./plan.ts";
import type { StepProgram } from "./program.ts";

/** What a plan saves of a step. */
export interface Saved {
  readonly dispatches: number;
  readonly bytes: number;
}

const bytesOf = (dispatch: Dispatch): number => costOf(dispatch).bytes;

/**
 * What each fused dispatch saves against its parts one by one; a part that others have as well is counted once, and the
 * update of several tensors is one dispatch.
 */
export function savings(dispatches: readonly Dispatch[]): (Saved & { readonly of: Dispatch })[] {
  const met = new Set<string>();
  const isNew = (key: string): boolean => !met.has(key) && met.add(key) !== undefined;
  return dispatches.flatMap((of) => {
    if (!of.parts) return [];
    const parts = of.parts.filter((part) => isNew(JSON.stringify(part)));
    const count = parts.filter((part) => part.kernel !== "update" || of.kernel === "update" || isNew(part.name)).length;
    const bytes = parts.reduce((total, part) => total + bytesOf(part), 0) - bytesOf(of);
    return count > 1 || bytes !== 0 ? [{ of, dispatches: count - 1, bytes }] : [];
  });
}

const count = (n: number): string => n.toLocaleString("en-US");

const tooMany = ([found, most]: readonly string[]): string =>
  `would bind ${found} storage buffers, WebGPU grants ${most}`;

const headSizes = ([classes, mostClasses, depth, mostDepth]: readonly string[]): string =>
  `classes ${classes} (at most ${mostClasses}), depth ${depth} (table allows ${mostDepth})`;

/** What each kind of choice says, of the names of its work and its numbers. */
const WORDS: Record<ChoiceKind, (names: readonly string[], numbers: readonly string[]) => string> = {
  ahead: ([at], [taken, room]) =>
    `${at} before the steps of a submit, a dispatch less in each: ${taken} elements (room for ${room})`,
  "ahead: room": ([at], [taken, room]) =>
    `${at} in each step: for all steps of a submit ${taken} elements (room for ${room})`,
  gather: ([at, ...into], [tiles, most]) =>
    `${at} gathered by ${into.join(", ")}: ${tiles} tile across the columns reads its rows (table allows ${most})`,
  "gather: tiles": ([at, by], [tiles, most]) =>
    `${at} stays: ${tiles} tiles across the columns of ${by} would each gather its rows (table allows ${most})`,
  "gather: readers": ([at, by]) => `${at} stays: ${by} reads it, which cannot gather`,
  "gather: bindings": ([at, by], numbers) => `${at} stays: with it ${by} ${tooMany(numbers)}`,
  pack: ([update], [left, all]) => `${update} over ${left} of ${all} elements a run: without what lies between tensors`,
  network: ([at], [runs, least]) => `${at} in one dispatch, a thread a run: runs ${runs} (table asks for ${least})`,
  "network: runs": (_, [runs, least]) =>
    `the network stays in several dispatches: runs ${runs} (table asks for ${least})`,
  "network: size": (_, [numbers, most]) =>
    `the network stays in several dispatches: ${numbers} numbers a row (table allows ${most})`,
  "network: work": (works) =>
    `the network stays in several dispatches: ${works.join(", ")} cannot be done row by row in a thread`,
  "network: memory": (_, [numbers, most]) =>
    `the network stays in several dispatches: a thread would hold ${numbers} numbers (WGSL grants ${most})`,
  "network: bindings": (_, numbers) => `the network stays in several dispatches: in one it ${tooMany(numbers)}`,
  "epilogue: bindings": ([at, into], numbers) => `${at} stays: with it ${into} ${tooMany(numbers)}`,
  "sums: bindings": ([at, into], numbers) => `${at} stays: with it ${into} ${tooMany(numbers)}`,
  head: (works, numbers) => `${works.join(", ")} in one, a thread a row: ${headSizes(numbers)}`,
  update: ([update, ...into], [size, most]) =>
    `${update} in the stores of ${into.join(", ")}: ${size} parameters a run (table allows ${most})`,
  "update: size": ([update], [size, most]) => `${update} stays: ${size} parameters a run (table allows ${most})`,
  "update: parts": ([update]) => `${update} stays: its chain has more than rules over single numbers`,
  "update: readers": ([update, reader]) => `${update} stays: ${reader} reads the gradients`,
  "update: gradient": ([update, by]) => `${update} stays: ${by} leaves gradients, which cannot update`,
  "update: elsewhere": ([update], [made, all]) =>
    `${update} stays: the step makes gradients of ${made} elements of ${all}`,
  "update: chains": ([update, ...others], [fused, apart]) =>
    `${[update, ...others].join(", ")} stay: a matmul for each chain's runs makes ${fused} dispatches, now ${apart}`,
  "update: bindings": ([update, into], numbers) => `${update} stays: with it ${into} ${tooMany(numbers)}`,
  "head: sizes": (works, numbers) => `${works.join(", ")} stay: ${headSizes(numbers)}`,
};

export const wordsOf = ({ kind, names, numbers }: Choice): string => WORDS[kind](names, numbers.map(count));

const showSaved = ({ dispatches, bytes }: Saved): string =>
  `saves ${count(dispatches)} dispatch${dispatches === 1 ? "" : "es"}, ${count(bytes)} bytes`;

/** The lines of a print-out: none where nothing was fused or left. */
export function explain({ each, choices }: StepProgram): string[] {
  const saved = savings(each);
  if (saved.length + choices.length === 0) return [];
  const sum = (of: keyof Saved): number => saved.reduce((total, one) => total + one[of], 0);
  return [
    "choices:",
    ...choices.map((choice) => `  ${wordsOf(choice)}`),
    ...saved.map((one) => `  ${one.of.name}: ${showSaved(one)}`),
    `  together: ${showSaved({ dispatches: sum("dispatches"), bytes: sum("bytes") })} a step`,
  ];
}
