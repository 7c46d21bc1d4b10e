// Numbers as people write them in fields and links, and their limits.

export interface Limits {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

/** A number as it is written in a field: 0.01, 3e-4, 1500, 1e6. */
export function writeNumber(value: number): string {
  const plain = String(value);
  const powers = value.toExponential().replace("e+", "e");
  return (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6) && powers.length < plain.length ? powers : plain;
}

/** A number as it is written in a field, or words on what is wrong with it. */
export function readNumber({ label, min, max, whole = false }: Limits, text: string): number | string {
  const value = Number(text.trim().replace(",", "."));
  const fits = text.trim() !== "" && Number.isFinite(value) && value >= min && value <= max;
  if (fits && (!whole || Number.isInteger(value))) return value;
  return `${label}: expected ${whole ? "a whole number" : "a number"} from ${writeNumber(min)} to ${writeNumber(max)}`;
}

const UNITS = ["B", "KiB", "MiB", "GiB"];

/** 17.5 KiB. */
export function showBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}

export const showShare = (share: number | undefined): string =>
  share === undefined || !Number.isFinite(share) ? "–" : `${(100 * share).toFixed(1)} %`;
