// Argument checks and the one error class of the library.
// Every message reads "Where: what is, what was expected; what to do" and is thrown before anything is changed.

/** An error the caller can act on: `where` it happened and, if there is one, a `hint` at what to do. */
export class FallLineError extends Error {
  override readonly name = "FallLineError";
  readonly where: string;
  readonly hint: string | undefined;

  constructor(where: string, what: string, hint?: string) {
    super(hint === undefined ? `${where}: ${what}` : `${where}: ${what}; ${hint}`);
    this.where = where;
    this.hint = hint;
  }
}

/** Throws a {@link FallLineError} with the message "where: what; hint". */
export function fail(where: string, what: string, hint?: string): never {
  throw new FallLineError(where, what, hint);
}

/** Edit distance with adjacent transpositions (optimal string alignment): insert, delete, replace, swap cost 1 each. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/**
 * The candidate a misspelt `name` most likely meant, compared without case: at most a third of the longer word wrong
 * (at least one letter allowed). `undefined` when nothing is that close; the first of equals wins.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let found: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3));
    if (distance <= allowed && distance < least) {
      least = distance;
      found = candidate;
    }
  }
  return found;
}

/** Throws for a key of `given` that is not in `allowed`, naming the key most likely meant or else all of them. */
export function checkKeys(where: string, given: object, allowed: readonly string[]): void {
  for (const key of Object.keys(given)) {
    if (allowed.includes(key)) continue;
    const meant = nearest(key, allowed);
    const known = allowed.length > 0 ? `known options are ${allowed.join(", ")}` : "it takes no options";
    fail(where, `unknown option "${key}"`, meant === undefined ? known : `did you mean "${meant}"?`);
  }
}

/** The range a number must lie in, both ends inclusive unless said otherwise. */
export interface Range {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Must be strictly above this. */
  readonly above?: number | undefined;
  /** Must be strictly below this. */
  readonly below?: number | undefined;
}

function describe(range: Range): string {
  const parts: string[] = [];
  if (range.min !== undefined) parts.push(`>= ${range.min}`);
  if (range.above !== undefined) parts.push(`> ${range.above}`);
  if (range.max !== undefined) parts.push(`<= ${range.max}`);
  if (range.below !== undefined) parts.push(`< ${range.below}`);
  return parts.length > 0 ? ` ${parts.join(" and ")}` : "";
}

function inRange(value: number, range: Range): boolean {
  if (range.min !== undefined && !(value >= range.min)) return false;
  if (range.above !== undefined && !(value > range.above)) return false;
  if (range.max !== undefined && !(value <= range.max)) return false;
  return !(range.below !== undefined && !(value < range.below));
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}

/** `value` as a safe integer in `range` (e.g. `{ min: 1 }`), or an error that names it and the range. */
export function checkInteger(where: string, name: string, value: unknown, range: Range = {}): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && inRange(value, range)) return value;
  return fail(where, `${name} is ${shown(value)}, expected an integer${describe(range)}`);
}

/** `value` as a finite number in `range` (e.g. `{ above: 0 }`), or an error that names it and the range. */
export function checkNumber(where: string, name: string, value: unknown, range: Range = {}): number {
  if (typeof value === "number" && Number.isFinite(value) && inRange(value, range)) return value;
  return fail(where, `${name} is ${shown(value)}, expected a finite number${describe(range)}`);
}
