// The data family.
export { type Dataset, type DatasetOptions, dataset } from "./dataset.ts";
export { type DigitsOptions, decodeDigits, digits, digitsUrl } from "./digits.ts";
export type { Split, SplitName, SplitSizes, Splits } from "./split.ts";
export { standardize } from "./standardize.ts";
export { blobs, circles, moons, type SyntheticOptions, sine, spirals, xor } from "./synthetic.ts";
