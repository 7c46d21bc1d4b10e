// A file of one's own on its way to a data set: dropped or chosen, looked at, then read in the worker.
import { effect, signal } from "@preact/signals";
import { type CsvPreview, previewCsv } from "../../data/index.ts";
import { engine } from "../engine.ts";
import type { OwnFiles } from "../trainer/protocol.ts";
import { errorWords } from "../words.ts";
import { showBytes } from "./numbers.ts";
import { defaults, lossNames } from "./settings.ts";
import { OWN } from "./sets.ts";
import { change, ownData, settings } from "./store.ts";

/** Larger files are for the command. */
const MOST_BYTES = 256 * 2 ** 20;

export interface Csv {
  readonly kind: "csv";
  readonly file: File;
  readonly preview: CsvPreview;
}
export interface Idx {
  readonly kind: "idx";
  readonly images: File;
  readonly labels: File;
  readonly test: { readonly images: File; readonly labels: File } | undefined;
}

/** What was dropped, looked at and not yet used. */
export const offered = signal<Csv | Idx | undefined>(undefined);
/** Why a file cannot be used. */
export const ownError = signal("");
export const reading = signal(false);

// What was wrong with a file is of no interest once other settings are chosen.
effect(() => {
  settings.value;
  ownError.value = "";
});

const isIdx = ({ name }: File): boolean => /idx\d|ubyte/i.test(name);
const isLabels = ({ name }: File): boolean => /label|idx1/i.test(name);
const isTest = ({ name }: File): boolean => /t10k|test/i.test(name);

/** Images and labels of one pair. Throws for files that make none. */
function pairOf(files: readonly File[]): { images: File; labels: File } {
  const [labels, images] = [files.find(isLabels), files.find((file) => !isLabels(file))];
  if (files.length === 2 && labels && images) return { images, labels };
  const names = files.map(({ name }) => name).join(", ");
  throw new Error(`idx: ${names}: expected two files, the images and their labels; drop both at once`);
}

function idxOf(files: readonly File[]): Idx {
  const tests = files.filter(isTest);
  const rest = files.filter((file) => !isTest(file));
  if (rest.length === 0) return { kind: "idx", ...pairOf(tests), test: undefined };
  return { kind: "idx", ...pairOf(rest), test: tests.length > 0 ? pairOf(tests) : undefined };
}

/** Looks at files: IDX by their names, a single other one as CSV. What is wrong with them is told. */
export async function offer(files: readonly File[]): Promise<void> {
  ownError.value = "";
  offered.value = undefined;
  const [file] = files;
  if (!file) return;
  try {
    const large = files.find(({ size }) => size > MOST_BYTES);
    if (large)
      throw new Error(
        `${large.name}: ${showBytes(large.size)}, expected at most ${showBytes(MOST_BYTES)}; the command reads larger ones`,
      );
    if (files.every(isIdx)) offered.value = idxOf(files);
    else if (files.length > 1)
      throw new Error(`${files.length} files, expected one CSV file, or the images and labels of IDX`);
    else offered.value = { kind: "csv", file, preview: await previewCsv(file, { rows: 5 }) };
  } catch (error) {
    ownError.value = errorWords(error);
  }
}

/** Reads the files and trains on them from now on. */
export async function accept(files: OwnFiles): Promise<void> {
  reading.value = true;
  ownError.value = "";
  try {
    const data = await engine.read(files);
    ownData.value = data;
    offered.value = undefined;
    const usual = defaults(OWN, settings.value.optimizer.name, false);
    const [loss = usual.loss] = data.classes
      ? ["crossEntropy"]
      : lossNames("targets").filter((name) => name === "meanSquaredError");
    const batch = Math.min(usual.batch, data.splits.train.count);
    change({ ...settings.value, data: OWN, dataOptions: {}, hidden: usual.hidden, loss, batch, lr: usual.lr });
  } catch (error) {
    ownError.value = errorWords(error);
  } finally {
    reading.value = false;
  }
}
