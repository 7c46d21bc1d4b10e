// Errors on their way between threads: the same class, name, message and fields on the other side.
import { DeviceLost } from "../backend/backend.ts";
import { FallLineError } from "../core/check.ts";
import { NonFinite } from "../train/diagnose.ts";

export interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Whether it is a DOMException: AbortError and the like. */
  readonly dom: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause?: PackedError;
}

type ErrorClass = new (...args: never[]) => Error;

/** By the name each gives its errors. */
const classes: Readonly<Record<string, ErrorClass>> = {
  FallLineError,
  DeviceLost,
  NonFinite,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
};

const OWN = ["name", "message", "stack", "cause"];

/** Plain data, as a structured clone takes it. */
const isPlain = (value: unknown): boolean => {
  if (typeof value === "function" || typeof value === "symbol") return false;
  return typeof value !== "object" || value === null || Object.values(value).every(isPlain);
};

export function packError(error: unknown): PackedError {
  if (!(error instanceof Error)) return packError(new Error(String(error)));
  const { name, message, stack, cause } = error;
  const fields = Object.entries(error).filter(([key, value]) => !OWN.includes(key) && isPlain(value));
  return {
    ...{ name, message, stack, dom: error instanceof DOMException },
    fields: Object.fromEntries(fields),
    ...(cause === undefined ? {} : { cause: packError(cause) }),
  };
}

export function unpackError({ name, message, stack, dom, fields, cause }: PackedError): Error {
  if (dom) return new DOMException(message, name);
  const known = Object.hasOwn(classes, name) ? classes[name] : undefined;
  // An Error with the class' prototype: its own constructor would compose the message anew.
  const error = Reflect.construct(Error, [message], known ?? Error) as Error;
  if ((known ?? Error).prototype.name !== name) error.name = name;
  if (stack !== undefined) Object.defineProperty(error, "stack", { value: stack, configurable: true, writable: true });
  if (cause) Object.defineProperty(error, "cause", { value: unpackError(cause), configurable: true, writable: true });
  return Object.assign(error, fields);
}
