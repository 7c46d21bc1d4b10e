// A view's settings in the address: each field read by itself, with its limits, never merged; what cannot be used is told in words.
import { nearest } from "../core/check.ts";
import { type Limits, readNumber, writeNumber } from "./train/numbers.ts";

/** Words told at once at most. */
const MOST_NOTES = 5;

/** The fields of one query, each taken once; what is left at the end is unknown. */
export class Query {
  readonly #notes: string[] = [];
  readonly #given: URLSearchParams;
  readonly #known = new Set(["v"]);

  constructor(query: string) {
    this.#given = new URLSearchParams(query);
    const version = this.#given.get("v");
    if (version !== null && version !== "1") this.note("it was made by another version of this page");
  }

  note(words: string): void {
    this.#notes.push(words);
  }

  text(name: string): string | undefined {
    this.#known.add(name);
    return this.#given.get(name)?.slice(0, 1000);
  }

  choose<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const text = this.text(name);
    const found = choices.find((choice) => choice === text);
    if (text === undefined || found !== undefined) return found ?? fallback;
    this.note(`${name} "${text.slice(0, 40)}" is unknown, ${fallback} is used`);
    return fallback;
  }

  number(name: string, limits: Limits, fallback: number): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = readNumber(limits, text);
    if (typeof value === "number") return value;
    this.note(`${value}; ${writeNumber(fallback)} is used`);
    return fallback;
  }

  /** What a reader makes of a text; its error is told and the fallback used. */
  read<T>(name: string, reader: (text: string) => T, fallback: T): T {
    const text = this.text(name);
    if (text === undefined) return fallback;
    try {
      return reader(text);
    } catch (error) {
      this.note(`${error instanceof Error ? error.message : String(error)}; the usual is used`);
      return fallback;
    }
  }

  /** All that was told, and names that nobody asked for. */
  get notes(): readonly string[] {
    const known = [...this.#known];
    const unknown = [...new Set(this.#given.keys())].filter((key) => !this.#known.has(key));
    const words = unknown.map((key) => {
      const meant = nearest(key, known);
      return `"${key.slice(0, 40)}" is no setting${meant ? ` (meant: ${meant}?)` : ""}`;
    });
    return [...this.#notes, ...words].slice(0, MOST_NOTES);
  }
}

/** Readable in an address: spaces as +, commas and brackets as they are. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/%20/g, "+").replace(/%2C/g, ",").replace(/%28/g, "(").replace(/%29/g, ")");

/** The query of what is not undefined, the version first. */
export function writeFields(fields: Readonly<Record<string, string | number | undefined>>): string {
  const parts = Object.entries({ v: 1, ...fields }).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [`${encode(name)}=${encode(typeof value === "number" ? writeNumber(value) : value)}`];
  });
  return parts.length === 1 ? "" : parts.join("&");
}
