// What the passes chose by number, as data: explain.ts has the words, and what fused work saves.
import type { Work } from "./work.ts";

/** A pass, alone where it took something; behind a colon the limit that it went by where it did not. */
export type ChoiceKind =
  | "ahead"
  | "ahead: room"
  | "gather"
  | "gather: tiles"
  | "gather: readers"
  | "gather: bindings"
  | "pack"
  | "network"
  | "network: runs"
  | "network: size"
  | "network: work"
  | "network: memory"
  | "network: bindings"
  | "epilogue: bindings"
  | "sums: bindings"
  | "head"
  | "head: sizes"
  | "update"
  | "update: size"
  | "update: parts"
  | "update: readers"
  | "update: gradient"
  | "update: elsewhere"
  | "update: chains"
  | "update: bindings";

export interface Choice {
  readonly kind: ChoiceKind;
  /** The work it is about, then the work that takes it or would have. */
  readonly names: readonly string[];
  /** Each with what it was held against. */
  readonly numbers: readonly number[];
}

/** A pass's account of a choice. */
export type Note = (kind: ChoiceKind, works: readonly Work[], numbers?: readonly number[]) => void;

/** Keeps no account. */
export const unnoted: Note = () => {};

/** Keeps one in a list. */
export const noteIn =
  (choices: Choice[]): Note =>
  (kind, works, numbers = []) =>
    void choices.push({ kind, names: works.map(({ name }) => name), numbers });
