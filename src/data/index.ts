// The data family.
export { type ColumnRef, type CsvDataset, type CsvOptions, type CsvReading, csv } from "./csv.ts";
export type { CsvTask } from "./csv_answers.ts";
export type { Missing } from "./csv_columns.ts";
export { type CsvPreview, previewCsv } from "./csv_preview.ts";
export type { Delimiter } from "./csv_records.ts";
export { type Dataset, type DatasetOptions, dataset } from "./dataset.ts";
export { type DigitsOptions, decodeDigits, digits, digitsUrl } from "./digits.ts";
export { type IdxArray, type IdxType, readIdx } from "./idx.ts";
export { type IdxOptions, type IdxPair, idx } from "./idx_pair.ts";
export { oneHot } from "./one_hot.ts";
export type { Source } from "./source.ts";
export type { Split, SplitName, SplitSizes, Splits } from "./split.ts";
export { standardize } from "./standardize.ts";
export {
  type LinearDataOptions,
  linearData,
  linearParameters,
  type TeacherOptions,
  teacher,
  teacherParameters,
} from "./known.ts";
export { blobs, circles, moons, type SyntheticOptions, sine, spirals, xor } from "./synthetic.ts";
