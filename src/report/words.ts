// Numbers and sentences: the verdict in plain words.
import { wilson } from "./statistics.ts";
import type { Family, Standing, Summary } from "./summary.ts";

/** 12,345: the same in every locale. */
export const whole = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");

/** Four significant digits, zeros kept so that columns line up: 0.1230, 2.303, 1.20e-5. */
export function short(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "diverged";
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-3 || size >= 1e4)) return value.toExponential(2).replace("e+", "e");
  return value.toPrecision(4);
}

/** The same without the zeros at the end, for ticks and text: 0.5, 74.2, 1e-5. */
export const tidy = (value: number): string =>
  short(value)
    .replace(/(\.\d*?)0+(?=e|$)/, "$1")
    .replace(/\.(?=e|$)/, "");

/** A learning rate as people write it: 0.05, 3e-4. Three digits, so that a value rounded to f32 reads as it was given. */
export function rate(value: number): string {
  const near = Number(value.toPrecision(3));
  return near !== 0 && Math.abs(near) < 1e-2 ? near.toExponential() : String(near);
}

/** A share as a percentage, with the digits that `examples` of them can tell apart (1 below about 3,000). */
export function percent(share: number, examples: number): string {
  return `${(100 * share).toFixed(examples >= 3000 ? 2 : 1)} %`;
}

/** A score of the race in its own unit. */
export function scored(summary: Summary, value: number | undefined): string {
  if (value === undefined) return "diverged";
  return summary.metric === "accuracy" ? percent(value, summary.result.data.validation) : short(value);
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${whole(count)} ${count === 1 ? one : many}`;

/** "a, b and c"; with more than `most` names "a, b and 4 others". */
export function list(names: readonly string[], most = 4): string {
  const shown = names.length > most ? names.slice(0, most - 1) : names;
  const all = names.length > most ? [...shown, plural(names.length - shown.length, "other")] : [...shown];
  return all.length < 2 ? (all[0] ?? "") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}

/** What bands and intervals are: "range of 3 seeds" or "95 % interval of the median over 12 seeds". */
export function bandName({ standings }: Summary): string {
  const counts = standings.map(({ interval }) => interval.count);
  const least = Math.min(...counts);
  const seeds = least === Math.max(...counts) ? plural(least, "seed") : `${least} to ${Math.max(...counts)} seeds`;
  const kinds = new Set(standings.map(({ interval }) => interval.kind));
  if (kinds.size > 1) return `range, or from 6 seeds on 95 % bootstrap interval of the median, over ${seeds}`;
  return kinds.has("range") ? `range of ${seeds}` : `95 % bootstrap interval of the median over ${seeds}`;
}

/** What "behind" and "not separable" mean here; empty where nothing is said of either. */
export function verdictNote({ standings }: Summary): string {
  const said = standings.some(({ verdict }) => verdict === "behind" || verdict === "not separable");
  return said ? "Behind: low to high lies clear of the best entry's. Not separable: the two touch." : "";
}

/** "96.9 to 97.3 %", or one value where both ends are equal. */
export function range(summary: Summary, { low, high }: Pick<Standing, "low" | "high">): string {
  const ends = [scored(summary, low), scored(summary, high)];
  if (ends[0] === ends[1]) return ends[0]!;
  return ends.every((end) => end.endsWith(" %")) ? `${ends[0]!.slice(0, -2)} to ${ends[1]}` : ends.join(" to ");
}

const metricWords = ({ metric, result }: Summary): string =>
  metric === "accuracy" ? "validation accuracy" : `validation ${result.lossName} loss`;

/** One line: who won, by how much, or that nobody can be told apart. */
export function headline(summary: Summary): string {
  const { standings, result } = summary;
  const best = standings[0]!;
  const { name } = best.entry;
  if (best.score === undefined) {
    return `No result: ${summary.diverged === summary.runs ? "every run" : "at least half of the runs of every entry"} diverged.`;
  }
  const several = best.interval.count > 1;
  const words = `${several ? "median " : ""}${metricWords(summary)}`;
  const value = scored(summary, best.score);
  const same = best.low !== undefined && scored(summary, best.low) === scored(summary, best.high);
  const spread = best.interval.kind === "range" ? "range" : "95 % interval";
  const where = !several ? "" : same ? " (with hardly any spread)" : ` (${spread} ${range(summary, best)})`;
  const rest = standings.slice(1);
  if (rest.length === 0) return `${name} reached a ${words} of ${value}${where} after ${plural(result.steps, "step")}.`;
  const tied = rest.filter(({ verdict }) => verdict === "not separable").map(({ entry }) => entry.name);
  const lead = `${name} has the best ${words}, ${value}${where}`;
  if (rest.some(({ verdict }) => verdict === "one seed")) return `${lead}, on one seed each: the order may be luck.`;
  if (rest.some(({ verdict }) => verdict === "few seeds")) return `${lead}, on two seeds each: the order may be luck.`;
  return tied.length > 0
    ? `${lead}, but cannot be told apart from ${list(tied)}.`
    : `${lead}, clear of every other entry.`;
}

/** The families' best lrs against each other; undefined where every family has one entry, or there is only one. */
export function acrossFamilies(summary: Summary): string | undefined {
  const { families, standings } = summary;
  if (families.length < 2 || families.length === standings.length || families[0]!.best.score === undefined)
    return undefined;
  const at = (family: Family) =>
    `${family.label} ${scored(summary, family.best.score)} (lr ${rate(family.best.entry.lr)})`;
  const named = (verdict: Standing["verdict"]) => families.filter(({ best }) => best.verdict === verdict);
  const best = families[0]!;
  const tied = named("not separable");
  const behind = named("behind");
  const parts = [`Each optimizer at the best learning rate tried: ${list(families.map(at), 8)}.`];
  if (tied.length > 0)
    parts.push(
      `${best.label} cannot be told apart from ${list(
        tied.map(({ label }) => label),
        8,
      )}.`,
    );
  if (behind.length > 0) {
    const names = list(
      behind.map(({ label }) => label),
      8,
    );
    parts.push(`${names} ${behind.length === 1 ? "is" : "are"} behind ${best.label}.`);
  }
  return parts.join(" ");
}

/** The winner on the test set, with the uncertainty that the size of the set alone brings. */
export function testSentence({ result, standings }: Summary): string | undefined {
  const { winner, data } = result;
  if (!winner) return undefined;
  const { accuracy, loss } = winner.test;
  const which = winner.seed === undefined ? winner.entry : `${winner.entry}, seed ${winner.seed}`;
  let score = `a loss of ${short(loss)}`;
  if (accuracy !== undefined) {
    const { low, high } = wilson(accuracy, data.test);
    const ends = `${percent(low, data.test).slice(0, -2)} to ${percent(high, data.test)}`;
    score = `${percent(accuracy, data.test)} (95 % interval from the size of the test set alone: ${ends})`;
  }
  const other = standings[0]!.entry.name === winner.entry ? "" : " It is not the entry of rank 1 here.";
  const note = winner.note === undefined ? "" : ` ${winner.note}`;
  return `On ${plural(data.test, "test example")} ${which} scored ${score}. It was chosen by ${winner.chosenBy}.${other}${note}`;
}
