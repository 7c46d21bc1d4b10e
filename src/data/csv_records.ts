// CSV into records: RFC 4180, read strictly, from text in chunks of any length. Rows count from 1 as a spreadsheet shows them.
import { fail } from "../core/check.ts";
import { type Source, unpackedChunksOf } from "./source.ts";

export type Delimiter = "," | ";" | "\t";

/** Row `row` of the file, its header and blank lines counted; a cell holds what stood between quotes. */
export interface CsvRecord {
  readonly row: number;
  readonly cells: readonly string[];
}

const QUOTE = 34;
const LF = 10;
const CR = 13;

type State =
  /** Before a cell. */
  | "start"
  | "plain"
  | "quoted"
  /** After a quote inside quotes: the end, or the first of two. */
  | "closing";

/**
 * Records of text that comes in chunks. Lines end in LF, CRLF or CR; blank lines are skipped. Throws, naming row and column, for a
 * quote that is not closed, text after a closing quote, a quote inside a cell without quotes, and a record over `most` characters.
 */
export class CsvParser {
  readonly #where: string;
  readonly #delimiter: number;
  readonly #most: number;
  #state: State = "start";
  #afterCr = false;
  #row = 1;
  #cells: string[] = [];
  #cell = "";
  /** Whether the record has quotes: a quoted empty cell is no blank line. */
  #quotes = false;
  /** Characters of the record in earlier chunks, and where it begins in this one. */
  #before = 0;
  #from = 0;
  #found: CsvRecord[] = [];

  constructor(where: string, delimiter: Delimiter, most: number) {
    this.#where = where;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#most = most;
  }

  /** Reads on; the records that end in this chunk are then there to take. */
  push(text: string): void {
    this.#from = 0;
    for (let at = 0; at < text.length; ) {
      if (this.#state === "quoted") at = this.#quoted(text, at);
      else if (this.#state === "plain") at = this.#plain(text, at);
      else at = this.#single(text, at);
    }
    this.#before += text.length - this.#from;
    this.#checkLength(this.#before);
  }

  /** The end of the text, and with it of the last record. */
  end(): void {
    if (this.#state === "quoted")
      this.#fail("the quote opened here is never closed", 'close it, or write a quote as ""');
    if (this.#state !== "start" || this.#cells.length > 0) this.#endRecord();
  }

  /** Records read since they were last taken; after an error, those before it. */
  take(): CsvRecord[] {
    return this.#found.splice(0);
  }

  #fail(what: string, hint: string): never {
    fail(this.#where, `row ${this.#row}, column ${this.#cells.length + 1}: ${what}`, hint);
  }

  #checkLength(length: number): void {
    const hint = "is it a CSV file? raise maxRowLength if it is";
    if (length <= this.#most) return;
    if (this.#state === "quoted")
      this.#fail(`the quote opened here is not closed within ${this.#most} characters`, hint);
    fail(this.#where, `row ${this.#row} is longer than ${this.#most} characters`, hint);
  }

  #quoted(text: string, at: number): number {
    const end = text.indexOf('"', at);
    this.#cell += text.slice(at, end < 0 ? text.length : end);
    if (end < 0) return text.length;
    this.#state = "closing";
    return end + 1;
  }

  #plain(text: string, at: number): number {
    let end = at;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (code === this.#delimiter || code === LF || code === CR) break;
      if (code === QUOTE) this.#fail("a quote stands inside a cell without quotes", 'quote the cell and write ""');
    }
    this.#cell += text.slice(at, end);
    if (end === text.length) return end;
    return this.#separator(text.charCodeAt(end), end);
  }

  /** A character before a cell or after a quote. */
  #single(text: string, at: number): number {
    const code = text.charCodeAt(at);
    const skip = code === LF && this.#afterCr;
    this.#afterCr = false;
    if (skip) {
      this.#from = at + 1;
      return at + 1;
    }
    if (code === this.#delimiter || code === LF || code === CR) return this.#separator(code, at);
    if (code === QUOTE) {
      if (this.#state === "closing") this.#cell += '"';
      this.#state = "quoted";
      this.#quotes = true;
      return at + 1;
    }
    if (this.#state === "closing") {
      this.#fail(`${JSON.stringify(text[at])} stands after the closing quote`, 'a quote inside quotes is written ""');
    }
    this.#state = "plain";
    return at;
  }

  #separator(code: number, at: number): number {
    if (code === this.#delimiter) {
      this.#cells.push(this.#cell);
      this.#cell = "";
      this.#state = "start";
      return at + 1;
    }
    this.#checkLength(this.#before + at - this.#from);
    this.#endRecord();
    this.#afterCr = code === CR;
    this.#before = 0;
    this.#from = at + 1;
    return at + 1;
  }

  #endRecord(): void {
    const blank = this.#cells.length === 0 && this.#cell === "" && !this.#quotes;
    if (!blank) this.#found.push({ row: this.#row, cells: [...this.#cells, this.#cell] });
    this.#row++;
    this.#cells = [];
    this.#cell = "";
    this.#quotes = false;
    this.#state = "start";
  }
}

/** The text of a source, UTF-8 with or without a byte order mark, plain or gzip. */
export async function* textOf(where: string, source: Source): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let at = 0;
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      return fail(where, `the text is no UTF-8, seen by byte ${at}`, "save it as UTF-8");
    }
  };
  for await (const bytes of unpackedChunksOf(where, source)) {
    at += bytes.length;
    const text = decode(bytes);
    if (text) yield text;
  }
  const last = decode();
  if (last) yield last;
}
