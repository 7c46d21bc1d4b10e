// A user's data files as --data names them: `rain.csv target wet missing drop`, `images.idx,labels.idx.gz`. Paths, hashes, bytes.
import { openAsBlob, readFileSync } from "node:fs";
import { basename } from "node:path";
import { checkKeys, fail, nearest } from "../core/check.ts";
import { hashParts } from "../core/hash.ts";
import type { Source } from "../data/index.ts";
import { type DataSpec, dataNames } from "./data.ts";
import { csvOptions, type DataFile, idxOptions, type OptionKind } from "./own_data.ts";

const WHERE = "--data";

/** Whether a text begins with a path rather than with a set's name. */
export const isFile = (text: string): boolean => {
  const [, quoted, plain = ""] = /^\s*(?:"([^"]*)"|([^\s,]+))/.exec(text) ?? [];
  return quoted !== undefined || (!dataNames.includes(plain) && (/[./\\]/.test(plain) || /idx\d|ubyte/i.test(plain)));
};

/** Words and commas; quotes keep blanks and commas within a word. */
function lists(text: string): string[][] {
  const tokens = text.match(/"[^"]*"|,|[^\s,"]+/g) ?? [];
  if ((text.match(/"/g)?.length ?? 0) % 2 === 1) fail(WHERE, "a quote is never closed", 'add "');
  const result: string[][] = [];
  let after = false;
  for (const token of tokens) {
    const word = token.replaceAll('"', "");
    if (token === ",") after = true;
    else if (after && result.length > 0) {
      result.at(-1)?.push(word);
      after = false;
    } else result.push([word]);
  }
  return result;
}

/** A column by its name, or by its index: -1 is the last. */
const columnIn = (word: string): string | number => (/^-?\d+$/.test(word) ? Number(word) : word);

const isSwitch = (word: string): boolean => word === "true" || word === "false";

/** An option's value: what its kind makes of its words. */
function valueIn(key: string, kind: OptionKind, words: readonly string[]): unknown {
  const [word = ""] = words;
  const said = (expected: string): never =>
    fail(WHERE, `${key} is ${JSON.stringify(words.join(","))}, expected ${expected}`);
  if (kind === "columns" || (kind === "columns or switch" && !isSwitch(word))) return words.map(columnIn);
  if (kind === "texts") return words;
  if (words.length > 1) return said("one value");
  if (kind === "switch" || kind === "columns or switch")
    return isSwitch(word) ? word === "true" : said("true or false");
  if (kind === "number") return Number.isFinite(Number(word)) ? Number(word) : said("a number");
  return word;
}

const byKind = (files: number) => (files === 1 ? csvOptions : idxOptions);

function countFiles(paths: readonly string[]): void {
  if (![1, 2, 4].includes(paths.length)) {
    const expected = "expected one CSV file, or IDX images,labels, or images,labels,test-images,test-labels";
    fail(WHERE, `${paths.join(",")} are ${paths.length} files, ${expected}`);
  }
  if (paths.length === 1 && /idx\d|ubyte|\.idx/i.test(basename(paths[0] ?? "")))
    fail(WHERE, `${paths[0]} is one IDX file, expected images and labels`, "write images.idx,labels.idx");
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail(WHERE, `${path} cannot be read (${why})`, "give the path of a file");
  }
}

const fileOf = (path: string): DataFile => ({ path, hash: hashParts([new Uint8Array(bytesOf(path))]) });

/** The files that a text names, with their fingerprints and options; throws, saying what was expected. */
export function readFiles(text: string): DataSpec {
  const [paths = [], ...words] = lists(text);
  countFiles(paths);
  const known = byKind(paths.length);
  const options: Record<string, unknown> = {};
  for (let i = 0; i < words.length; i += 2) {
    const key = words[i]?.join(",") ?? "";
    const value = words[i + 1];
    const kind = known[key];
    if (!kind) {
      const meant = nearest(key, Object.keys(known));
      fail(WHERE, `"${key}" is no option of a file`, meant ? `did you mean ${meant}?` : Object.keys(known).join(", "));
    }
    if (!value) fail(WHERE, `${key} has no value`, `write it after it`);
    options[key] = valueIn(key, kind, value);
  }
  return { name: basename(paths[0] ?? ""), options, files: paths.map(fileOf) };
}

/** A recipe's files as they are now; throws where one is not the file the recipe was made with. */
export function sameFiles(spec: DataSpec): DataSpec {
  const { files = [] } = spec;
  checkKeys("data", spec, ["name", "options", "files"]);
  countFiles(files.map(({ path }) => path));
  const now = files.map(({ path, hash }) => {
    const file = fileOf(path);
    if (hash === undefined || hash === file.hash) return file;
    const differ = `${path} has the hash ${file.hash}, expected the recipe's ${hash}`;
    return fail("data", differ, `train on it as it is by --data ${path}`);
  });
  return { ...spec, files: now };
}

/** A file of this machine under its name, read as a stream. */
export const openHere = async ({ path }: DataFile): Promise<Source> =>
  new File([await openAsBlob(path)], basename(path));
