// Plain data back as the calls that make them: every call is made, and kept only where it gives the same data again.
import { canonical } from "../core/hash.ts";

/** Code, what it gives, and the names it takes from the library. */
export interface Expression {
  readonly code: string;
  readonly value: unknown;
  readonly uses: readonly string[];
}

export const isExpression = (value: unknown): value is Expression =>
  typeof value === "object" && value !== null && "code" in value && "uses" in value;

const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

/** Plain data as code reads it, on one line; expressions within it keep their calls. */
export function literal(value: unknown): string {
  if (isExpression(value)) return value.code;
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value).filter(([, item]) => item !== undefined);
    return parts.length === 0
      ? "{}"
      : `{ ${parts.map(([name, item]) => `${key(name)}: ${literal(item)}`).join(", ")} }`;
  }
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

/** The data that an argument gives. */
const dataOf = (value: unknown): unknown => {
  if (isExpression(value)) return value.value;
  if (Array.isArray(value)) return value.map(dataOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, dataOf(item)]));
};

const usesOf = (value: unknown): string[] => {
  if (isExpression(value)) return [...value.uses];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(usesOf) : [];
};

/** Any function of the library that makes plain data. */
export type Factory = (...args: never[]) => unknown;

/** A call's result as text, or the error it throws. */
function made(factory: Factory, args: readonly unknown[]): string | Error {
  try {
    return canonical((factory as (...args: unknown[]) => unknown)(...args.map(dataOf)));
  } catch (error) {
    return error as Error;
  }
}

const refuses = (result: string | Error): boolean => result instanceof Error && /unknown option/.test(result.message);

export interface Wanted {
  readonly name: string;
  readonly factory: Factory;
  /** What comes before the options. */
  readonly first?: readonly unknown[];
  /** Options that may be needed: those that are not are left out. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What the call is to give. */
  readonly value: unknown;
}

/** The shortest call of `factory` with these arguments that gives `value`; undefined where none does. */
export function callOf({ name, factory, first = [], options = {}, value }: Wanted): Expression | undefined {
  const want = canonical(value);
  const good = (left: Readonly<Record<string, unknown>>): boolean =>
    made(factory, Object.keys(left).length > 0 ? [...first, left] : first) === want;
  // What it does not know goes first; what can then be left out is a default.
  let left = options;
  const without = (name: string): Record<string, unknown> =>
    Object.fromEntries(Object.entries(left).filter(([other]) => other !== name));
  for (const option of Object.keys(left)) {
    if (refuses(made(factory, [...first, { [option]: left[option] }]))) left = without(option);
  }
  if (!good(left)) return undefined;
  for (const option of Object.keys(left)) if (good(without(option))) left = without(option);
  const args = [...first, ...(Object.keys(left).length > 0 ? [left] : [])];
  return { code: `${name}(${args.map(literal).join(", ")})`, value, uses: [name, ...args.flatMap(usesOf)] };
}

/** Data that no call gives, as they are. */
export const plainly = (value: unknown): Expression => ({
  code: literal(value),
  value: dataOf(value),
  uses: usesOf(value),
});
