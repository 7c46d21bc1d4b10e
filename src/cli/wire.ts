// JSON between the page and Node with the numbers that JSON has not: a diverged run's losses are NaN and must stay so.

const NAMES = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

const isNumber = (value: unknown): value is { $number: string } =>
  typeof value === "object" && value !== null && "$number" in value;

/** Plain data as text; typed arrays are not plain data. */
export const pack = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === "number" && !Number.isFinite(item) ? { $number: String(item) } : item,
  );

export const unpack = <T>(text: string): T =>
  JSON.parse(text, (_, item: unknown) => (isNumber(item) ? NAMES.get(item.$number) : item)) as T;

/** Bytes as base64: in a page and in Node, without an argument list as long as the bytes. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

export const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
