// Axes: where a value lies between the ends, in [0, 1], and which ticks to draw.
import { tidy } from "./words.ts";

export interface Tick {
  /** In [0, 1] along the axis. */
  readonly at: number;
  readonly label: string;
}

export interface Scale {
  /** In [0, 1] for a value between the ends; outside beyond them. */
  readonly place: (value: number) => number;
  readonly ticks: readonly Tick[];
}

/** Steps of 1, 2 or 5 times a power of ten, at most `most` intervals between low and high. */
export function niceValues(low: number, high: number, most: number): number[] {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((each) => each >= rough * (1 - 1e-9))!;
  const values: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
    values.push(Number((k * step).toPrecision(12)));
  }
  return values;
}

/** 1, 2, 3 and 5 times powers of ten between low and high; powers alone, thinned, where those would crowd. */
export function logValues(low: number, high: number, most: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const within = (digits: readonly number[], every: number): number[] => {
    const values: number[] = [];
    for (let power = first; power <= last; power++) {
      if (power % every === 0) for (const digit of digits) values.push(Number((digit * 10 ** power).toPrecision(12)));
    }
    return values.filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
  };
  const tries = [
    within([1, 2, 3, 5], 1),
    within([1, 2, 5], 1),
    within([1, 3], 1),
    within([1], 1),
    within([1], 2),
    within([1], 3),
  ];
  return tries.find((values) => values.length <= most) ?? tries[5]!;
}

export function linearScale(low: number, high: number, label: (value: number) => string = tidy, most = 5): Scale {
  const end = high > low ? high : low + (Math.abs(low) || 1);
  const place = (value: number): number => (value - low) / (end - low);
  return { place, ticks: niceValues(low, end, most).map((value) => ({ at: place(value), label: label(value) })) };
}

/** `low` above 0; values at or below it are drawn at the floor. Where fewer than 2 ticks fit, it takes evenly spaced ones. */
export function logScale(low: number, high: number, label: (value: number) => string = tidy, most = 7): Scale {
  const end = high > low ? high : low * 10;
  const place = (value: number): number => (value <= low ? 0 : Math.log(value / low) / Math.log(end / low));
  const values = logValues(low, end, most);
  const chosen = values.length > 1 ? values : niceValues(low, end, 4);
  return { place, ticks: chosen.map((value) => ({ at: place(value), label: label(value) })) };
}

/** The score's axis, better to the right (or up): scale, and words for the axis where it is not plain. */
export interface ScoreScale extends Scale {
  readonly title: string;
}

const padded = (low: number, high: number): [number, number] => {
  const pad = 0.06 * (high - low) || 0.05 * Math.abs(high) || 0.05;
  return [low - pad, high + pad];
};

/**
 * Accuracies: by the log of the error where the errors differ by more than 4 times, so that 97 and 98 % lie as far apart as
 * 94 and 96 %; evenly otherwise. An error of 0 is drawn as half an example.
 */
export function accuracyScale(values: readonly number[], examples: number): ScoreScale {
  const floor = 0.5 / examples;
  const errors = values.map((value) => Math.max(floor, 1 - value));
  const [least, most] = [Math.min(...errors), Math.max(...errors)];
  const label = (value: number): string => `${Number((100 * value).toPrecision(6))} %`;
  if (most <= 4 * least) {
    const [low, high] = padded(Math.min(...values), Math.max(...values));
    return { ...linearScale(Math.max(0, low), Math.min(1, high), label), title: "validation accuracy" };
  }
  const pad = (most / least) ** 0.06;
  const scale = logScale(least / pad, Math.min(1, most * pad), (error) => label(1 - error), 8);
  return {
    place: (value) => 1 - scale.place(Math.max(floor, 1 - value)),
    ticks: scale.ticks.map((tick) => ({ at: 1 - tick.at, label: tick.label })),
    title: "validation accuracy (spaced by the log of the error)",
  };
}

/** Losses by their log, the smaller to the right. */
export function lossScale(values: readonly number[]): ScoreScale {
  const positive = values.filter((value) => value > 0);
  const [least, most] = positive.length > 0 ? [Math.min(...positive), Math.max(...positive)] : [0.1, 1];
  const pad = (most / least) ** 0.06 || 1;
  const scale = logScale(least / Math.max(pad, 1.02), most * Math.max(pad, 1.02), tidy, 6);
  return {
    place: (value) => 1 - scale.place(value),
    ticks: scale.ticks.map(({ at, label }) => ({ at: 1 - at, label })),
    title: "validation loss (log, the lower the better)",
  };
}
