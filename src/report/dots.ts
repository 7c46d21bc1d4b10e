// The score of every run: a row per entry, a dot per seed, a tick at the median.
import { escapeHtml, numbers, plainTable } from "./markup.ts";
import { dot, mark, plot, styleOf, UNITS, unit } from "./plot.ts";
import { accuracyScale, lossScale, type ScoreScale } from "./scale.ts";
import type { Standing, Summary } from "./summary.ts";
import { bandName, plural, range, scored } from "./words.ts";

/** CSS pixels, with room for three dots that lie on one value. */
const ROW = 28;

/** The best that are drawn; the rest is in the table. */
const ROWS = 30;

export const finiteScores = (standings: readonly Standing[]): number[] =>
  standings.flatMap(({ scores }) => scores.filter((score) => score !== undefined));

/** One axis for the metric of the race, better to the right or up. */
export const scoreScale = ({ metric, result }: Summary, values: readonly number[]): ScoreScale =>
  metric === "accuracy" ? accuracyScale(values, result.data.validation) : lossScale(values);

/** Dots closer than this share of the width would hide each other: they step up and down from the row's middle. */
const TOUCHING = 0.008;

/** Pixels up from the row's middle, one per place, in the places' order. */
export function swarm(places: readonly (number | undefined)[]): number[] {
  const offsets = places.map(() => 0);
  const order = places
    .flatMap((place, i) => (place === undefined ? [] : [{ place, i }]))
    .sort((a, b) => a.place - b.place);
  let start = Number.NEGATIVE_INFINITY;
  let stacked = 0;
  for (const { place, i } of order) {
    stacked = place - start < TOUCHING ? stacked + 1 : 0;
    if (stacked === 0) start = place;
    offsets[i] = [0, 7, -7][stacked % 3]!;
  }
  return offsets;
}

function row(summary: Summary, standing: Standing, scale: ScoreScale, height: number): { svg: string; marks: string } {
  const { entry, scores, score, low, high, family, rank } = standing;
  const y = 1 - ((rank - 0.5) * ROW) / height;
  const style = styleOf(family);
  const tick = (11 / height) * UNITS;
  const spread =
    low === undefined || high === undefined || low === high
      ? ""
      : `<path class="spread" d="M${unit(scale.place(low))} ${unit(1 - y)}H${unit(scale.place(high))}"/>`;
  const middle =
    score === undefined
      ? ""
      : `<path class="median" d="M${unit(scale.place(score))} ${Number((UNITS * (1 - y) - tick).toFixed(1))}v${Number((2 * tick).toFixed(1))}"/>`;
  const offsets = swarm(scores.map((value) => (value === undefined ? undefined : scale.place(value))));
  const dots = scores.map((value, i) =>
    value === undefined
      ? ""
      : dot(
          scale.place(value),
          y + offsets[i]! / height,
          style,
          `${entry.name}, seed ${entry.runs[i]!.seed}: ${scored(summary, value)}`,
        ),
  );
  const gone = standing.diverged;
  const cross = gone > 0 ? mark(0, y, `&times;${gone > 1 ? gone : ""}`, `edge ${style}`) : "";
  return { svg: spread + dots.join("") + middle, marks: cross };
}

/** The section; undefined for a single run, or when every run diverged. */
export function dotsSection(summary: Summary): string | undefined {
  const shown = summary.standings.slice(0, ROWS);
  const values = finiteScores(shown);
  if (summary.runs < 2 || values.length === 0) return undefined;
  const scale = scoreScale(summary, values);
  const height = ROW * shown.length;
  const rows = shown.map((standing) => row(summary, standing, scale, height));
  const gone = shown.some(({ diverged }) => diverged > 0);
  const word = summary.metric === "accuracy" ? "Validation accuracy" : "Validation loss";
  const caption = [
    `A dot is a run, the tick its entry's median, the line the ${bandName(summary)}.`,
    gone ? "A cross at the edge stands for diverged runs." : "",
    shown.length < summary.standings.length ? `The best ${ROWS} of ${summary.standings.length} entries.` : "",
  ];
  const best = shown[0]!;
  const chart = plot({
    id: "dots",
    label: `${word} of ${plural(summary.runs, "run")}, a row per entry, the best on top: ${best.entry.name}, ${scored(summary, best.score)}.`,
    height,
    x: scale.ticks,
    xTitle: scale.title,
    yTitle: "",
    names: true,
    layers: [
      {
        name: "all",
        y: shown.map(({ entry, rank }) => ({ at: 1 - ((rank - 0.5) * ROW) / height, label: entry.name })),
        svg: rows.map(({ svg }) => svg).join(""),
        marks: rows.map(({ marks }) => marks).join(""),
      },
    ],
  });
  const table = plainTable(
    word,
    ["entry", "median", "low to high", "runs, in order of seeds"],
    shown.map((s) => [
      s.entry.name,
      scored(summary, s.score),
      range(summary, s),
      s.scores.map((v) => scored(summary, v)).join(", "),
    ]),
  );
  return `<section><h2>${word} of every run</h2><p class="caption">${escapeHtml(caption.filter(Boolean).join(" "))}</p>${chart}${numbers("dots-data", table)}</section>`;
}
