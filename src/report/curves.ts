// The learning curves: each entry's median over its seeds, with its band, on a log and on a linear axis.
import { escapeHtml, numbers, plainTable, scriptData } from "./markup.ts";
import { down, type Layer, mark, PALETTE, plot, styleOf, swatch, unit } from "./plot.ts";
import { linearScale, logScale, type Scale } from "./scale.ts";
import { interval, median } from "./statistics.ts";
import type { Standing, Summary } from "./summary.ts";
import { bandName, list, plural, short, whole } from "./words.ts";

/** More logged steps than this are thinned in the drawing; the CSV keeps all. */
const POINTS = 400;

interface Series {
  readonly standing: Standing;
  readonly style: string;
  /** Median per drawn step; Infinity from where it is a diverged run's. */
  readonly middle: readonly number[];
  /** Only where it is drawn in colour over more than one seed. */
  readonly band: readonly { readonly low: number; readonly high: number }[] | undefined;
}

/** Indices of at most 400 logged steps, evenly chosen, the first and the last among them. */
export function thinned(count: number): number[] {
  if (count <= POINTS) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: POINTS }, (_, i) => Math.round((i * (count - 1)) / (POINTS - 1)));
}

/** The entries drawn in colour: all where they are few, else the best of each optimizer; at most 8. */
function emphasised({ standings, families }: Summary): Standing[] {
  return (standings.length <= PALETTE ? [...standings] : families.map(({ best }) => best)).slice(0, PALETTE);
}

function series({ result }: Summary, standing: Standing, style: string, drawn: readonly number[]): Series {
  const { runs } = standing.entry;
  const values = drawn.map((i) =>
    runs.map(({ loss, diverged }) => {
      const value = loss[i]!;
      return Number.isFinite(value) && !(diverged !== undefined && result.at[i]! >= diverged)
        ? value
        : Number.POSITIVE_INFINITY;
    }),
  );
  const band = runs.length > 1 && style !== "other" ? values.map((each) => interval(each, "log")) : undefined;
  return { standing, style, middle: values.map((each) => median(each, "log")), band };
}

/** The colour and dash of each entry's lines. */
export function colourOf(summary: Summary): (standing: Standing) => string {
  const coloured = emphasised(summary);
  const one = summary.families.length === 1 || summary.families.length === summary.standings.length;
  return (standing) => {
    const place = coloured.indexOf(standing);
    return place < 0 ? "other" : styleOf(one ? place : standing.family % PALETTE, place);
  };
}

/** All series, the worst first, so that the best is drawn on top. */
function collect(summary: Summary, drawn: readonly number[]): Series[] {
  const style = colourOf(summary);
  return [...summary.standings].reverse().map((standing) => series(summary, standing, style(standing), drawn));
}

function line(values: readonly number[], x: readonly number[], scale: Scale): string {
  let path = "";
  let pen = false;
  values.forEach((value, i) => {
    if (Number.isFinite(value)) path += `${pen ? "L" : "M"}${unit(x[i]!)} ${down(scale.place(value))}`;
    pen = Number.isFinite(value);
  });
  return path;
}

/** Around the steps whose lower end is finite; an upper end of a diverged run leaves through the top. */
function area(band: NonNullable<Series["band"]>, x: readonly number[], scale: Scale): string {
  const end = band.findIndex(({ low }) => !Number.isFinite(low));
  const part = end < 0 ? band : band.slice(0, end);
  if (part.length < 2) return "";
  const top = part.map(({ high }, i) => `${unit(x[i]!)} ${down(Math.min(1.05, scale.place(high)))}`);
  const bottom = part.map(({ low }, i) => `${unit(x[i]!)} ${down(scale.place(low))}`).reverse();
  return `M${[...top, ...bottom].join("L")}Z`;
}

function layer(name: string, all: readonly Series[], x: readonly number[], scale: Scale): Layer {
  const paths = all.map(({ standing, style, middle, band }) => {
    const filled = band ? `<path class="band ${style}" d="${area(band, x, scale)}"/>` : "";
    return `<g data-series="${standing.rank - 1}">${filled}<path class="line ${style}" d="${line(middle, x, scale)}"/></g>`;
  });
  const ends = all.map(({ standing, style, middle }) => {
    const last = middle.findIndex((value) => !Number.isFinite(value)) - 1;
    if (last < 0 || style === "other") return "";
    return mark(x[last]!, Math.min(1, scale.place(middle[last]!)), "&times;", `${style} s${standing.rank - 1}`);
  });
  return { name, y: scale.ticks, svg: paths.join(""), marks: ends.join("") };
}

/** The ends of the loss axis: what is drawn, cut at twice the highest start so that a diverging run does not flatten the rest. */
function ends(all: readonly Series[]): { low: number; high: number; cut: boolean; floor: boolean } {
  const finite = all.flatMap(({ middle }) => middle.filter(Number.isFinite));
  const lows = all.flatMap(({ band }) => (band ?? []).map(({ low }) => low).filter(Number.isFinite));
  const positive = [...finite, ...lows].filter((value) => value > 0);
  if (positive.length === 0) return { low: 0.1, high: 1, cut: false, floor: false };
  const low = positive.reduce((a, b) => Math.min(a, b));
  const greatest = finite.reduce((a, b) => Math.max(a, b));
  const start = Math.max(...all.map(({ middle }) => middle[0] ?? 0).filter(Number.isFinite));
  const high = Math.min(greatest * 1.05, 2 * start) || greatest;
  return { low: low * 0.95, high, cut: greatest > high, floor: finite.some((value) => value <= 0) };
}

function legend(all: readonly Series[], summary: Summary): string {
  const rows = [...all].reverse().filter(({ style }) => style !== "other");
  const others = all.length - rows.length;
  const items = rows.map(({ standing, style, middle }) => {
    const gone =
      standing.diverged > 0 ? ` <small>${standing.diverged} of ${standing.entry.runs.length} diverged</small>` : "";
    const i = standing.rank - 1;
    return `<li><label><input type="checkbox" checked hidden data-toggle="${i}">${swatch(style)}<span class="name">${escapeHtml(standing.entry.name)}${gone}</span><span class="value" data-value="${i}">${short(middle.at(-1))}</span></label></li>`;
  });
  if (others > 0) {
    items.push(
      `<li><label><input type="checkbox" checked hidden data-toggle="others">${swatch("other")}<span class="name">${plural(others, "other entry", "other entries")}</span></label></li>`,
    );
  }
  return `<div class="legend"><p>${summary.runs > summary.standings.length ? "Median loss" : "Loss"} at step <b data-step>${whole(summary.result.at.at(-1) ?? 0)}</b></p><ul>${items.join("")}</ul><p class="nearest" data-nearest></p></div>`;
}

function sentence(all: readonly Series[], at: readonly number[]): string {
  const shown = [...all].reverse().filter(({ style }) => style !== "other");
  const parts = shown.map(({ standing, middle }) => {
    const last = middle.at(-1)!;
    if (Number.isFinite(last)) return `${standing.entry.name} ends at ${short(last)}`;
    const step = at[middle.findIndex((value) => !Number.isFinite(value))]!;
    return `${standing.entry.name} diverged by step ${whole(step)}`;
  });
  return `Learning curves, training loss against step. ${list(parts, PALETTE)}.`;
}

function table(all: readonly Series[], at: readonly number[]): string {
  const shown = [...all].reverse().filter(({ style }) => style !== "other");
  const every = Math.max(1, Math.ceil(at.length / 25));
  const picked = at.map((_, i) => i).filter((i) => (at.length - 1 - i) % every === 0);
  const rows = picked.map((i) => [whole(at[i]!), ...shown.map(({ middle }) => short(middle[i]))]);
  return plainTable("Median training loss", ["step", ...shown.map(({ standing }) => standing.entry.name)], rows);
}

const four = (value: number): number | null => (Number.isFinite(value) ? Number(value.toPrecision(4)) : null);

function caption(summary: Summary, all: readonly Series[], cut: boolean, floor: boolean): string {
  const { result } = summary;
  const several = summary.standings.some(({ interval: { count } }) => count > 1);
  const parts = [
    `${several ? "Median training" : "Training"} loss (${result.lossName}), before the update, averaged over each logging window.`,
  ];
  if (several) parts.push(`Band: ${bandName(summary)}.`);
  if (all.some(({ style }) => style === "other")) parts.push("In colour: the best entry of each optimizer, at most 8.");
  if (all.some(({ middle }) => middle.some((value) => !Number.isFinite(value)))) {
    parts.push("A cross ends a curve whose median diverged.");
  }
  if (cut) parts.push("Losses above twice the highest start are cut off.");
  if (floor) parts.push("Losses of 0 or less lie on the floor of the log axis.");
  if (result.at.length > POINTS) parts.push(`${POINTS} of ${whole(result.at.length)} logged steps are drawn.`);
  return parts.join(" ");
}

/** The section's markup and what the read-out needs; undefined where nothing was logged. */
export function curvesSection(summary: Summary): { html: string; data: string } | undefined {
  const { result } = summary;
  if (result.at.length === 0) return undefined;
  const drawn = thinned(result.at.length);
  const at = drawn.map((i) => result.at[i]!);
  const all = collect(summary, drawn);
  const { low, high, cut, floor } = ends(all);
  const scaleX = linearScale(0, at.at(-1)! || 1, whole);
  const x = at.map(scaleX.place);
  const layers = [layer("log", all, x, logScale(low, high)), layer("linear", all, x, linearScale(0, high))];
  const chart = plot({
    id: "curves",
    label: sentence(all, at),
    height: 360,
    x: scaleX.ticks,
    xTitle: "step",
    yTitle: "training loss",
    layers,
    cursor: true,
  });
  const names = [...all].reverse();
  const data = {
    at,
    x: x.map((value) => Number(value.toFixed(4))),
    ends: [low, high],
    series: names.map(({ standing, style, middle }) => ({
      name: standing.entry.name,
      other: style === "other",
      values: middle.map(four),
    })),
  };
  const controls = `<div class="controls" hidden><label><input type="checkbox" data-log checked> log axis</label><span class="hint">point at the chart, or focus it and use the arrow keys, to read values</span></div>`;
  return {
    html: `<section><h2>Learning curves</h2><p class="caption">${escapeHtml(caption(summary, all, cut, floor))}</p>${controls}
<div class="split">${chart}${legend(all, summary)}</div><p class="unseen" aria-live="polite" data-live></p>${numbers("curves-data", table(all, at))}</section>`,
    data: scriptData(data),
  };
}
