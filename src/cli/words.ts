// The small language of the flags: "name value key value ( ... ), name ...". Models, data and optimizers are written in it.
import { fail } from "../core/check.ts";

/** `linear 64 bias false` is { name: "linear", bare: [64], options: { bias: false } }; brackets hold further items. */
export interface Item {
  readonly name: string;
  readonly bare: readonly number[];
  readonly options: Readonly<Record<string, number | boolean | string>>;
  readonly inner: readonly Item[] | undefined;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function literal(word: string): number | boolean | string {
  if (NUMBER.test(word)) return Number(word);
  return word === "true" ? true : word === "false" ? false : word;
}

class Reader {
  readonly #where: string;
  readonly #words: string[];
  #at = 0;

  constructor(where: string, text: string) {
    this.#where = where;
    this.#words = text.match(/[(),]|[^\s(),]+/g) ?? [];
  }

  /** Items up to the end, or to the bracket that closes them. */
  list(closing: boolean): Item[] {
    const items: Item[] = [];
    for (;;) {
      items.push(this.#item());
      const next = this.#words[this.#at++];
      if (next === ",") continue;
      if (next === undefined && closing) fail(this.#where, 'a "(" is never closed', 'add ")"');
      if (next === ")" && !closing) fail(this.#where, 'a ")" closes nothing', 'take it out or add "("');
      if (next === undefined || next === ")") return items;
    }
  }

  #item(): Item {
    const name = this.#words[this.#at];
    if (name === undefined || /^[(),]$/.test(name) || NUMBER.test(name)) {
      const found = name === undefined ? "the end" : `"${name}"`;
      fail(
        this.#where,
        `found ${found} where a name was expected`,
        "write names, each with its values, between commas",
      );
    }
    this.#at++;
    const bare: number[] = [];
    const options: Record<string, number | boolean | string> = {};
    for (;;) {
      const word = this.#words[this.#at];
      if (word === undefined || word === "," || word === ")") return { name, bare, options, inner: undefined };
      this.#at++;
      if (word === "(") return { name, bare, options, inner: this.list(true) };
      const value = literal(word);
      if (typeof value === "number") bare.push(value);
      else options[word] = this.#value(name, word);
    }
  }

  #value(name: string, key: string): number | boolean | string {
    const word = this.#words[this.#at];
    if (word === undefined || /^[(),]$/.test(word))
      fail(this.#where, `${name}: "${key}" has no value`, `write ${key} 0.5`);
    this.#at++;
    return literal(word);
  }
}

/** Reads a list of items; throws, naming what is wrong, for anything else. */
export function readItems(where: string, text: string): Item[] {
  if (text.trim() === "") fail(where, "is empty");
  return new Reader(where, text).list(false);
}

/** An item without bare values and brackets: a data set or an optimizer with options. */
export function optionsOf(where: string, { name, bare, options, inner }: Item): Item["options"] {
  if (inner) fail(where, `${name} takes no brackets`);
  if (bare.length > 0) fail(where, `${name}: ${bare[0]} has no name`, "write its name before it, e.g. classes 3");
  return options;
}
