// IDX, the format of the MNIST family (LeCun): big-endian; 0, 0, type, number of sizes; the sizes; the numbers.
import { checkInteger, checkKeys, fail } from "../core/check.ts";
import { nameOf, type Source, unpackedChunksOf } from "./source.ts";

type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

export type IdxType = "u8" | "i8" | "i16" | "i32" | "f32" | "f64";

/** Numbers as they stand in the file, row-major. */
export interface IdxArray {
  readonly type: IdxType;
  /** [count, ...] */
  readonly shape: readonly number[];
  readonly data: IdxData;
}

export interface IdxLimits {
  /** Bytes of numbers at most; by default 512 MiB. A larger file is refused by its header, before memory is taken. */
  readonly maxBytes?: number;
}

const types: Readonly<Record<number, { readonly type: IdxType; readonly bytes: number }>> = {
  8: { type: "u8", bytes: 1 },
  9: { type: "i8", bytes: 1 },
  11: { type: "i16", bytes: 2 },
  12: { type: "i32", bytes: 4 },
  13: { type: "f32", bytes: 4 },
  14: { type: "f64", bytes: 8 },
};

const MAX_BYTES = 2 ** 29;
/** Sizes of an array: images have 3, with colour 4. The format allows 255. */
const MAX_SIZES = 8;

const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, "0")}`;

interface Header {
  readonly type: IdxType;
  readonly shape: readonly number[];
  /** Of the header. */
  readonly length: number;
  /** Of one number, and of all. */
  readonly width: number;
  readonly bytes: number;
}

/** Bytes the header takes as far as the first four tell; throws for four that begin no IDX file. */
function headerLength(where: string, head: Uint8Array): number {
  const [zero = 0, also = 0, code = 0, sizes = 0] = head;
  const hint = "is it an IDX file, such as train-images-idx3-ubyte?";
  if (zero !== 0) fail(where, `byte 0 is ${hex(zero)}, expected 0x00`, hint);
  if (also !== 0) fail(where, `byte 1 is ${hex(also)}, expected 0x00`, hint);
  if (!types[code]) {
    const known = Object.entries(types).map(([known, { type }]) => `${hex(Number(known))} (${type})`);
    fail(where, `byte 2, the type, is ${hex(code)}, expected ${known.join(", ")}`, hint);
  }
  if (sizes < 1 || sizes > MAX_SIZES)
    fail(where, `byte 3, the number of sizes, is ${sizes}, expected 1 to ${MAX_SIZES}`);
  return 4 + 4 * sizes;
}

function headerOf(where: string, head: Uint8Array, maxBytes: number): Header {
  const { type, bytes: width } = types[head[2] ?? 0] as { type: IdxType; bytes: number };
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const shape = Array.from({ length: head[3] ?? 0 }, (_, i) => view.getUint32(4 + 4 * i));
  for (const [i, size] of shape.entries()) {
    if (size === 0) fail(where, `byte ${4 + 4 * i}: size ${i} is 0, expected at least 1`, "the file holds no numbers");
  }
  const bytes = shape.reduce((product, size) => product * size, width);
  if (bytes > maxBytes) {
    fail(
      where,
      `its header asks for ${shape.join(" x ")} ${type}, ${bytes} bytes; at most ${maxBytes}`,
      "raise maxBytes",
    );
  }
  return { type, shape, length: 4 + 4 * shape.length, width, bytes };
}

const bigEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0;

/** Turns numbers of `width` bytes around in place. */
function swap(bytes: Uint8Array, width: number): void {
  if (width === 1 || bigEndian) return;
  for (let at = 0; at < bytes.length; at += width) {
    for (let i = at, j = at + width - 1; i < j; i++, j--) {
      const byte = bytes[i] ?? 0;
      bytes[i] = bytes[j] ?? 0;
      bytes[j] = byte;
    }
  }
}

function numbersOf({ type, width }: Header, bytes: Uint8Array<ArrayBuffer>): IdxData {
  swap(bytes, width);
  switch (type) {
    case "u8":
      return bytes;
    case "i8":
      return new Int8Array(bytes.buffer);
    case "i16":
      return new Int16Array(bytes.buffer);
    case "i32":
      return new Int32Array(bytes.buffer);
    case "f32":
      return new Float32Array(bytes.buffer);
    case "f64":
      return new Float64Array(bytes.buffer);
    default:
      return type satisfies never;
  }
}

/** Gathers the header, then the numbers, from chunks of any length. */
class Reader {
  readonly #where: string;
  readonly #maxBytes: number;
  #head = new Uint8Array(4);
  #header: Header | undefined;
  #body = new Uint8Array(0);
  /** Bytes seen in all. */
  #at = 0;

  constructor(where: string, maxBytes: number) {
    this.#where = where;
    this.#maxBytes = maxBytes;
  }

  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) rest = this.#header ? this.#take(this.#header, rest) : this.#begin(rest);
  }

  #begin(chunk: Uint8Array): Uint8Array {
    const head = this.#head;
    const part = chunk.subarray(0, head.length - this.#at);
    head.set(part, this.#at);
    this.#at += part.length;
    if (this.#at < head.length) return chunk.subarray(part.length);
    if (head.length === 4) {
      this.#head = new Uint8Array(headerLength(this.#where, head));
      this.#head.set(head);
    } else {
      this.#header = headerOf(this.#where, head, this.#maxBytes);
      this.#body = new Uint8Array(this.#header.bytes);
    }
    return chunk.subarray(part.length);
  }

  #take({ length, bytes }: Header, chunk: Uint8Array): Uint8Array {
    const filled = this.#at - length;
    if (filled + chunk.length > bytes) {
      const what = `there is more after byte ${length + bytes}, where its header says it ends`;
      fail(this.#where, what, "the sizes in its header are not those of its numbers");
    }
    this.#body.set(chunk, filled);
    this.#at += chunk.length;
    return chunk.subarray(chunk.length);
  }

  end(): IdxArray {
    const header = this.#header;
    const cut = "the file is cut short";
    if (this.#at === 0) fail(this.#where, "the file is empty", "is it an IDX file, such as train-images-idx3-ubyte?");
    if (!header) fail(this.#where, `it ends at byte ${this.#at}, in its header of ${this.#head.length}`, cut);
    const { length, bytes, shape, type } = header;
    if (this.#at < length + bytes) {
      const want = `${length + bytes} (${length} of header, ${shape.join(" x ")} ${type})`;
      fail(this.#where, `it ends at byte ${this.#at}, expected ${want}`, cut);
    }
    return { type, shape, data: numbersOf(header, this.#body) };
  }
}

/**
 * Reads one IDX file, plain or gzip (told by its first bytes), of type u8, i8, i16, i32, f32 or f64. Rejects, naming the file and
 * the byte, for another format, a file cut short or too long, and one larger than `maxBytes`, before memory is taken.
 */
export async function readIdx(source: Source, options: IdxLimits & { name?: string } = {}): Promise<IdxArray> {
  checkKeys("readIdx", options, ["maxBytes", "name"]);
  const where = `idx ${options.name ?? nameOf(source, "file")}`;
  const maxBytes = checkInteger(where, "maxBytes", options.maxBytes ?? MAX_BYTES, { min: 1 });
  const reader = new Reader(where, maxBytes);
  for await (const chunk of unpackedChunksOf(where, source)) reader.push(chunk);
  return reader.end();
}
