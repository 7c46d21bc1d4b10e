// Checksums and fingerprints: synchronous, the same in a browser and in Node. For identity, not against an adversary.
import { fail } from "./check.ts";

// Pure: bundles that check no sums leave it out.
const crcTable = /* @__PURE__ */ Uint32Array.from({ length: 256 }, (_, byte) => {
  let c = byte;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

/** CRC-32 of the bytes as zip and PNG have it (reflected, polynomial 0xEDB88320): a u32. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (crcTable[(c ^ byte) & 0xff] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

const hex = (lane: number): string => lane.toString(16).padStart(8, "0");

/**
 * FNV-1a, 64 bits, as 16 hex digits (RFC 9923). The state is two 32-bit lanes; the prime is 2^40 + 0x1b3, so the product is
 * a multiplication by 0x1b3, exact in f64, and a shift by 40.
 */
function fnv1a(parts: Iterable<Uint8Array>): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const bytes of parts) {
    for (const byte of bytes) {
      low = (low ^ byte) >>> 0;
      const product = low * 0x1b3;
      high = (Math.imul(high, 0x1b3) + Math.floor(product / 2 ** 32) + (low << 8)) >>> 0;
      low = product >>> 0;
    }
  }
  return hex(high) + hex(low);
}

/** 64-bit FNV-1a of the text's UTF-8 bytes, as 16 hex digits. */
export function hashText(text: string): string {
  return fnv1a([new TextEncoder().encode(text)]);
}

/**
 * One 64-bit fingerprint of several texts and typed arrays, as 16 hex digits. Each part is preceded by its kind and its length,
 * so that moving a byte from one part to the next, or changing a type, changes the result. Arrays count as little-endian bytes.
 */
export function hashParts(parts: readonly (string | ArrayBufferView)[]): string {
  const encoder = new TextEncoder();
  const bytes: Uint8Array[] = [];
  for (const part of parts) {
    const body =
      typeof part === "string" ? encoder.encode(part) : new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    const kind = typeof part === "string" ? "text" : part.constructor.name;
    bytes.push(encoder.encode(`${kind}:${body.length};`), body);
  }
  return fnv1a(bytes);
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function write(value: unknown, path: string, open: readonly object[]): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) fail("canonical", `${path} is ${value}, expected a finite number`);
    return JSON.stringify(value);
  }
  if (typeof value !== "object") fail("canonical", `${path} is of type ${typeof value}, expected plain data`);
  if (open.includes(value)) fail("canonical", `${path} contains itself, expected plain data`);
  const within = [...open, value];
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return write(Array.from(value as unknown as ArrayLike<number>), path, open);
  }
  if (Array.isArray(value)) return `[${value.map((item, i) => write(item, `${path}[${i}]`, within)).join(",")}]`;
  if (!isPlain(value)) fail("canonical", `${path} is a ${value.constructor.name}, expected plain data`);
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return `{${keys
    .sort()
    .map((key) => `${JSON.stringify(key)}:${write(value[key], `${path}.${key}`, within)}`)
    .join(",")}}`;
}

/**
 * JSON of plain data with sorted keys and no spaces: equal data give equal text, whatever the order they were written in.
 * Undefined properties are left out, typed arrays are written as arrays, -0 as 0. Throws, naming the path, for a number that
 * is not finite, a function, a class instance or a cycle.
 */
export function canonical(value: unknown): string {
  return write(value, "the value", []);
}
