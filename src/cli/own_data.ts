// Data of a user's own: a CSV file, or IDX images with their labels, as a recipe names them, read where the job is done.
import { checkKeys, fail } from "../core/check.ts";
import { csv, type CsvOptions, type Dataset, idx, type IdxOptions, type Source, standardize } from "../data/index.ts";
import type { DataSpec } from "./data.ts";

/** A file of a recipe: its path as it was given, and the fingerprint of its bytes. */
export interface DataFile {
  readonly path: string;
  readonly hash: string;
}

/** Opens a file where the job is done: by its path in Node, by its address in a page. */
export type OpenFile = (file: DataFile) => Promise<Source>;

/** How a value is written after an option's name. */
export type OptionKind = "text" | "texts" | "columns" | "columns or switch" | "switch" | "number";

/** What may follow a CSV file; split sizes and `standardize`, which scales columns by the training rows, are the command's own. */
export const csvOptions: Readonly<Record<string, OptionKind>> = {
  ...{ target: "columns", task: "text", features: "columns", ignore: "columns", oneHot: "columns or switch" },
  ...{ missing: "text", missingWords: "texts", classes: "texts", header: "switch", delimiter: "text" },
  ...{ train: "number", validation: "number", test: "number", seed: "number", shuffle: "switch", stratify: "switch" },
  ...{ scale: "number", shift: "number", standardize: "switch", maxBytes: "number" },
};

/** What may follow IDX files. */
export const idxOptions: Readonly<Record<string, OptionKind>> = {
  ...{ train: "number", validation: "number", test: "number", seed: "number" },
  ...{ classes: "texts", scale: "number", shift: "number", standardize: "switch", maxBytes: "number" },
};

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  task: ["classification", "regression"],
  missing: ["error", "drop", "mean"],
};

const DELIMITERS: Readonly<Record<string, string>> = { comma: ",", semicolon: ";", tab: "\t" };

/** The readers' options of a recipe's: split sizes in one object, delimiters by their names. */
function readerOptions({ name, files = [], options }: DataSpec): Record<string, unknown> {
  checkKeys(name, options, Object.keys(files.length === 1 ? csvOptions : idxOptions));
  for (const [key, choices] of Object.entries(CHOICES)) {
    const value = options[key];
    if (value !== undefined && !choices.includes(String(value)))
      fail(name, `${key} is ${JSON.stringify(value)}, expected ${choices.join(", ")}`);
  }
  const { train, validation, test, standardize: _, delimiter, ...rest } = options;
  const sizes = Object.entries({ train, validation, test }).filter(([, size]) => size !== undefined);
  const mark = DELIMITERS[String(delimiter)] ?? delimiter;
  if (mark !== undefined && !Object.values(DELIMITERS).includes(String(mark)))
    fail(name, `delimiter is ${JSON.stringify(delimiter)}, expected ${Object.keys(DELIMITERS).join(", ")}`);
  return {
    ...rest,
    ...(sizes.length > 0 ? { split: Object.fromEntries(sizes) } : {}),
    ...(mark === undefined ? {} : { delimiter: mark }),
  };
}

/**
 * The set of a recipe's files: one is CSV, two are IDX images and labels, four the format's test pair with them. Rejects, naming the
 * file with row and column or byte, for what cannot be read.
 */
export async function readOwn(spec: DataSpec, open: OpenFile): Promise<Dataset> {
  const { name, files = [] } = spec;
  const options = { ...readerOptions(spec), name };
  const [first, second, third, fourth] = await Promise.all(files.map(open));
  let data: Dataset;
  if (files.length === 1) data = await csv(first as Source, options as CsvOptions);
  else {
    const test = files.length === 4 ? { test: { images: third as Source, labels: fourth as Source } } : {};
    data = await idx({ ...options, images: first as Source, labels: second as Source, ...test } as IdxOptions);
  }
  return spec.options.standardize === true ? standardize(data) : data;
}
