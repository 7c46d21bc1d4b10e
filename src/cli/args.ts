// Flags as a table: read by node:util.parseArgs, checked here, so that a mistake is named with what was probably meant.
import { parseArgs } from "node:util";
import { nearest } from "../core/check.ts";
import { UsageError } from "./errors.ts";

export type FlagKind = "switch" | "text" | "choice" | "integer" | "number" | "integers" | "numbers";

export interface Flag {
  /** As the recipe's field: weightDecay is written --weight-decay or --weightDecay. */
  readonly name: string;
  readonly kind: FlagKind;
  /** What stands for the value in the help. */
  readonly takes?: string;
  readonly about: string;
  readonly choices?: readonly string[];
}

export type Values = Readonly<Record<string, unknown>>;

export interface Parsed {
  readonly values: Values;
  readonly positionals: readonly string[];
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const camel = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

export const written = ({ name }: Pick<Flag, "name">): string => `--${kebab(name)}`;

/** "a, b or c" */
const either = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;

const isList = (kind: FlagKind): boolean => kind === "integers" || kind === "numbers";

function numberOf(flag: Flag, where: string, value: unknown, verb: string): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  const whole = flag.kind === "integer" || flag.kind === "integers";
  const fits = typeof number === "number" && Number.isFinite(number) && (!whole || Number.isSafeInteger(number));
  const least = ["seed", "seeds", "dataSeed"].includes(flag.name) ? 0 : whole ? 1 : 0;
  const none = flag.name === "minDelta";
  if (fits && number >= least && (whole || none || number > 0)) return number;
  const expected = whole ? `a whole number from ${least}` : none ? "a number from 0" : "a number above 0";
  throw new UsageError(`${where}: is ${JSON.stringify(value)}, expected ${expected}`, verb);
}

/** A flag's value, from the command line (text) or a config file (JSON); throws UsageError. */
export function checkValue(flag: Flag, value: unknown, verb: string, where = written(flag)): unknown {
  const { kind, choices = [] } = flag;
  if (kind === "switch") {
    if (typeof value === "boolean") return value;
    throw new UsageError(`${where}: takes no value, found ${JSON.stringify(value)}`, verb);
  }
  if (kind === "text") {
    if (typeof value === "string" && value !== "") return value;
    throw new UsageError(`${where}: is ${JSON.stringify(value)}, expected text`, verb);
  }
  if (kind === "choice") {
    if (choices.includes(String(value))) return String(value);
    const meant = nearest(String(value), choices);
    const hint = meant ? `did you mean "${meant}"?` : `expected ${either(choices)}`;
    throw new UsageError(`${where}: "${String(value)}" is not known; ${hint}`, verb);
  }
  if (!isList(kind)) return numberOf(flag, where, value, verb);
  const list = typeof value === "string" ? value.split(",") : Array.isArray(value) ? value : [value];
  return list.map((item) => numberOf(flag, where, typeof item === "string" ? item.trim() : item, verb));
}

function unknown(name: string, verb: string, flags: readonly Flag[]): never {
  const names = flags.map(({ name: known }) => kebab(known));
  const meant = nearest(kebab(camel(name)), names);
  const hint = meant ? `did you mean --${meant}?` : `fall-line ${verb} --help lists what it takes`;
  throw new UsageError(`--${name}: is no flag of ${verb}; ${hint}`, verb);
}

/** Reads a verb's arguments; throws UsageError for the first mistake. A flag given twice counts as last given. */
export function readFlags(verb: string, argv: readonly string[], flags: readonly Flag[]): Parsed {
  const byName = new Map(flags.map((flag) => [flag.name, flag]));
  const options = Object.fromEntries(
    flags.flatMap(({ name, kind }) =>
      [...new Set([name, kebab(name)])].map((known) => [
        known,
        { type: kind === "switch" ? "boolean" : "string" } as const,
      ]),
    ),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options: { ...options, help: { type: "boolean", short: "h" } },
    strict: false,
    tokens: true,
  });
  const values: Record<string, unknown> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    if (token.name === "help") {
      values.help = true;
      continue;
    }
    const flag = byName.get(camel(token.name)) ?? unknown(token.name, verb, flags);
    const { value } = token;
    if (flag.kind !== "switch" && (value === undefined || (!token.inlineValue && value.startsWith("--")))) {
      throw new UsageError(
        `${written(flag)}: has no value, expected ${flag.takes ?? either(flag.choices ?? [])}`,
        verb,
      );
    }
    values[flag.name] = checkValue(flag, flag.kind === "switch" ? (value ?? true) : value, verb);
  }
  return { values, positionals };
}

/** For verbs without positional arguments. */
export function noPositionals(verb: string, { positionals }: Parsed): void {
  const [first] = positionals;
  if (first !== undefined) throw new UsageError(`${verb}: found "${first}", expected flags only`, verb);
}
