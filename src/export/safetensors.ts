// The safetensors format, written and read: a header's length (u64, little-endian), the header (JSON), the tensors' bytes.
// https://github.com/huggingface/safetensors#format
import { fail } from "../core/check.ts";
import { elements, showShape } from "../core/shape.ts";

/** Numbers a file can hold here: f32, i32 (labels, rows) and bytes. */
export type SafeData = Float32Array | Int32Array | Uint8Array;

/** A tensor by name: row-major, without padding. */
export interface SafeTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: SafeData;
}

export interface SafeFile {
  readonly tensors: readonly SafeTensor[];
  /** Texts by name: the file's __metadata__. */
  readonly metadata: Readonly<Record<string, string>>;
}

const METADATA = "__metadata__";
/** Where the tensors begin is a multiple of this, and where each of them begins a multiple of its type's size. */
const ALIGNMENT = 8;
/** The reference implementation's own limit to a header. */
const MOST_HEADER = 100_000_000;

const dtypeOf = (data: SafeData): "F32" | "I32" | "U8" =>
  data instanceof Float32Array ? "F32" : data instanceof Int32Array ? "I32" : "U8";

const bytesOf = ({ buffer, byteOffset, byteLength }: SafeData): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Wider types first, then by name, as the reference implementation lays them out: so every tensor is aligned. */
const laidOut = (tensors: readonly SafeTensor[]): SafeTensor[] =>
  [...tensors].sort(
    (a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );

/**
 * A safetensors file, which PyTorch, JAX and numpy read by their safetensors packages. Throws for a name that comes twice and
 * for data that do not fit their shape. Little-endian, as every machine with WebGPU is.
 */
export function encodeSafetensors({ tensors, metadata }: SafeFile): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = Object.create(null);
  if (Object.keys(metadata).length > 0) header[METADATA] = metadata;
  const ordered = laidOut(tensors);
  let end = 0;
  for (const { name, shape, data } of ordered) {
    if (name === METADATA || name in header) fail("safetensors", `${name} comes twice`, "name each tensor once");
    if (elements(shape) !== data.length) {
      fail("safetensors", `${name} has ${data.length} numbers, expected those of ${showShape(shape)}`);
    }
    header[name] = { dtype: dtypeOf(data), shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const room = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(8 + room + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(room), true);
  file.fill(0x20, 8, 8 + room);
  file.set(json, 8);
  let at = 8 + room;
  for (const { data } of ordered) {
    file.set(bytesOf(data), at);
    at += data.byteLength;
  }
  return file;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const whole = (values: unknown): values is number[] => Array.isArray(values) && values.every(isCount);

function headerOf(bytes: Uint8Array): { header: Record<string, unknown>; body: Uint8Array } {
  if (bytes.length < 8) fail("safetensors", `${bytes.length} bytes, too short to be a file`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  if (length > MOST_HEADER || Number(length) > bytes.length - 8) {
    fail("safetensors", `a header of ${length} bytes in a file of ${bytes.length}`, "is it a safetensors file?");
  }
  const end = 8 + Number(length);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, end)));
  } catch {
    fail("safetensors", "the header is no JSON", "is it a safetensors file?");
  }
  if (!isObject(header)) fail("safetensors", "the header is no JSON object");
  return { header, body: bytes.subarray(end) };
}

function metadataOf(given: unknown): Record<string, string> {
  if (given === undefined) return {};
  if (!isObject(given)) fail("safetensors", `${METADATA} is no object of texts`);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== "string") fail("safetensors", `${METADATA} ${name} is no text`);
  }
  return given as Record<string, string>;
}

/** IEEE half precision. */
function half(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
}

const floats = (length: number, at: (i: number) => number): Float32Array =>
  Float32Array.from({ length }, (_, i) => at(i));

/** By type: bytes a number, and its reader. f64 is rounded, f16 and bf16 are exact in f32. */
const DTYPES: Readonly<Record<string, { readonly size: number; readonly read: (part: DataView) => SafeData }>> = {
  F32: { size: 4, read: (part) => floats(part.byteLength / 4, (i) => part.getFloat32(4 * i, true)) },
  F64: { size: 8, read: (part) => floats(part.byteLength / 8, (i) => part.getFloat64(8 * i, true)) },
  F16: { size: 2, read: (part) => floats(part.byteLength / 2, (i) => half(part.getUint16(2 * i, true))) },
  BF16: {
    size: 2,
    read: (part) => {
      const bits = Uint32Array.from({ length: part.byteLength / 2 }, (_, i) => part.getUint16(2 * i, true) << 16);
      return new Float32Array(bits.buffer);
    },
  },
  I32: {
    size: 4,
    read: (part) => Int32Array.from({ length: part.byteLength / 4 }, (_, i) => part.getInt32(4 * i, true)),
  },
  U8: { size: 1, read: (part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength).slice() },
};

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

function entryOf(name: string, given: unknown, room: number): Entry {
  const at = `safetensors ${name.slice(0, 80)}`;
  if (!isObject(given)) return fail(at, "is no object of dtype, shape and data_offsets");
  const { dtype, shape, data_offsets: offsets } = given;
  if (typeof dtype !== "string" || !Object.hasOwn(DTYPES, dtype)) {
    return fail(at, `dtype is ${JSON.stringify(dtype)}, expected one of ${Object.keys(DTYPES).join(", ")}`);
  }
  if (!whole(shape)) return fail(at, `shape is ${JSON.stringify(shape)}, expected whole numbers`);
  if (!whole(offsets) || offsets.length !== 2) return fail(at, "data_offsets are no [begin, end]");
  const [from, to] = offsets as [number, number];
  if (from > to || to > room) fail(at, `lies at bytes ${from} to ${to} of ${room}`, "the file is cut or broken");
  const want = shape.reduce((product, n) => product * n, (DTYPES[dtype] as { size: number }).size);
  if (want !== to - from) fail(at, `has ${to - from} bytes, expected ${want} for ${dtype} ${showShape(shape)}`);
  return { name, dtype, shape, from, to };
}

/** The entries in the order of their bytes; these must follow one another and fill the file, as the format asks. */
function checkFilled(entries: readonly Entry[], room: number): void {
  let end = 0;
  for (const { name, from, to } of entries) {
    if (from !== end) fail(`safetensors ${name.slice(0, 80)}`, `begins at byte ${from}, expected ${end}`);
    end = to;
  }
  // A name that came twice, of which JSON keeps the last, has left a hole by now.
  if (end !== room)
    fail("safetensors", `${room} bytes of tensors, the header says ${end}`, "the file is cut or broken");
}

/**
 * Reads a file whole or throws, naming the tensor; nothing in it is executed. Types with f32 inside (f64, f16, bf16) come as
 * f32; others than i32 and u8 beside them throw.
 */
export function decodeSafetensors(bytes: Uint8Array): SafeFile {
  const { header, body } = headerOf(bytes);
  const { [METADATA]: given, ...rest } = header;
  const metadata = metadataOf(given);
  const entries = Object.entries(rest)
    .map(([name, entry]) => entryOf(name, entry, body.length))
    .sort((a, b) => a.from - b.from || a.to - b.to);
  checkFilled(entries, body.length);
  const tensors = entries.map(({ name, dtype, shape, from, to }): SafeTensor => {
    const part = new DataView(body.buffer, body.byteOffset + from, to - from);
    return { name, shape, data: (DTYPES[dtype] as (typeof DTYPES)[string]).read(part) };
  });
  return { tensors, metadata };
}
