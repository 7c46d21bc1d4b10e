// A line chart as an SVG of its own: axes, bands, lines, legend, and the sentence that says what is to be seen.
import { escapeHtml } from "../report/markup.ts";
import type { PlotData, PlotMark, PlotProps, PlotSeries } from "./plot.tsx";
import { axisRange, axisTicks, axisWords, type PlotAxis } from "./plot_axis.ts";

/** Colours by their names in style.css. */
export type Colours = (name: string) => string;

export type Chart = Pick<PlotProps, "title" | "sentence" | "x" | "y" | "series" | "data" | "bands" | "marks">;

const WIDTH = 900;
const HEIGHT = 480;
const BOX = { left: 70, right: 20, top: 44, bottom: 84 };
const across = WIDTH - BOX.left - BOX.right;
const down = HEIGHT - BOX.top - BOX.bottom;

const round = (value: number): string => String(Number(value.toFixed(2)));

/** From a value to a place, or undefined where the axis has none. */
type Place = (value: number | null | undefined) => number | undefined;

function ends(axis: PlotAxis, all: Iterable<number | null>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of all) {
    if (value === null || !Number.isFinite(value) || (axis.scale === "log" && value <= 0)) continue;
    [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  return low > high ? axisRange(axis, null, null) : axisRange(axis, low, high);
}

function placeOf({ scale }: PlotAxis, [low, high]: readonly [number, number], from: number, to: number): Place {
  const along = (value: number): number =>
    scale === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return (value) => {
    if (value === null || value === undefined || !Number.isFinite(value) || (scale === "log" && value <= 0))
      return undefined;
    return from + (to - from) * Math.min(1.02, Math.max(-0.02, along(value)));
  };
}

/** Points of a line: of many in one half pixel the highest and the lowest, in their order, so that no peak is lost. */
function points(data: PlotData, index: number, x: Place, y: Place): [number, number][] {
  const columns = new Map<number, { high: number; low: number }>();
  const all = (data[index + 1] ?? []).map((value, i) => [x(data[0]?.[i]), y(value)] as const);
  all.forEach(([left, top], i) => {
    if (left === undefined || top === undefined) return;
    const column = Math.round(left * 2);
    const kept = columns.get(column);
    if (!kept) columns.set(column, { high: i, low: i });
    else if (top < (all[kept.high]?.[1] as number)) kept.high = i;
    else if (top > (all[kept.low]?.[1] as number)) kept.low = i;
  });
  const chosen = [...columns.values()].flatMap(({ high, low }) => [...new Set([high, low])].sort((a, b) => a - b));
  return chosen.map((i) => all[i] as [number, number]);
}

const path = (all: readonly (readonly [number, number])[]): string =>
  all.map(([left, top], i) => `${i === 0 ? "M" : "L"}${round(left)} ${round(top)}`).join("");

const text = (left: number, top: number, words: string, rest = ""): string =>
  `<text x="${round(left)}" y="${round(top)}"${rest}>${escapeHtml(words)}</text>`;

function axes(
  { x, y }: Chart,
  range: { x: [number, number]; y: [number, number] },
  placeX: Place,
  placeY: Place,
): string {
  const lines: string[] = [];
  for (const value of axisTicks(x, ...range.x, 8)) {
    const at = placeX(value) ?? 0;
    lines.push(`<path class="rule" d="M${round(at)} ${BOX.top}v${down}"/>`);
    lines.push(text(at, BOX.top + down + 18, axisWords(x, value), ' text-anchor="middle"'));
  }
  for (const value of axisTicks(y, ...range.y, 8)) {
    const at = placeY(value) ?? 0;
    lines.push(`<path class="rule" d="M${BOX.left} ${round(at)}h${across}"/>`);
    lines.push(text(BOX.left - 8, at + 4, axisWords(y, value), ' text-anchor="end"'));
  }
  lines.push(text(BOX.left + across / 2, BOX.top + down + 38, x.label, ' text-anchor="middle"'));
  lines.push(`<path class="axis" d="M${BOX.left} ${BOX.top}v${down}h${across}"/>`);
  return lines.join("\n");
}

function mark({ x, label }: PlotMark, placeX: Place, alarm: string): string {
  const at = placeX(x);
  if (at === undefined) return "";
  const right = at < BOX.left + across / 2;
  const place = ` fill="${alarm}" text-anchor="${right ? "start" : "end"}"`;
  return `<path d="M${round(at)} ${BOX.top}v${down}" stroke="${alarm}" stroke-width="2"/>${text(at + (right ? 6 : -6), BOX.top + 14, label, place)}`;
}

/** Samples and names, in rows. */
function legend(series: readonly PlotSeries[], colours: Colours): string {
  let [left, top] = [BOX.left, HEIGHT - 26];
  return series
    .filter(({ behind }) => !behind)
    .map(({ label, colour, dash = [] }) => {
      const wide = 44 + 7 * label.length;
      if (left + wide > WIDTH - BOX.right) [left, top] = [BOX.left, top + 17];
      const made = `<path d="M${left} ${top}h28" stroke="${colours(colour)}" stroke-width="2.5" stroke-dasharray="${dash.join(" ")}"/>${text(left + 34, top + 4, label)}`;
      left += wide + 10;
      return made;
    })
    .join("\n");
}

/** The chart as a file: 900 x 480, text as text, colours as they are now. */
export function plotSvg(chart: Chart, colours: Colours): string {
  const { title, sentence, x, y, series, data, bands = [], marks = [] } = chart;
  const xs = (data[0] ?? []).filter((value): value is number => value !== null);
  const [first = 0, last = 1] = [xs[0], xs.at(-1)];
  const range = {
    x:
      x.scale === "log" ? ends(x, xs) : ([x.low ?? first, x.high ?? Math.max(last, first + 1e-12)] as [number, number]),
    y: ends(y, data.slice(1).flat()),
  };
  const placeX = placeOf(x, range.x, BOX.left, BOX.left + across);
  const placeY = placeOf(y, range.y, BOX.top + down, BOX.top);
  const areas = bands.map(({ between: [upper, lower], colour, alpha = 0.2 }) => {
    const around = [...points(data, upper, placeX, placeY), ...points(data, lower, placeX, placeY).reverse()];
    return `<path d="${path(around)}Z" fill="${colours(colour)}" fill-opacity="${alpha}"/>`;
  });
  const lines = series.map(({ colour, dash = [], width = 2, alpha = 1 }, i) => {
    const all = points(data, i, placeX, placeY);
    const look = `stroke="${colours(colour)}" stroke-width="${width}" stroke-opacity="${alpha}" stroke-dasharray="${dash.join(" ")}"`;
    return all.length === 0 ? "" : `<path d="${path(all)}" ${look} stroke-linejoin="round"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="13" fill="${colours("--ink")}">
<title>${escapeHtml(title)}</title>
<desc>${escapeHtml(sentence)}</desc>
<style>path{fill:none}.rule{stroke:${colours("--rule")}}.axis{stroke:${colours("--soft")}}path[fill]{stroke:none}</style>
<rect width="100%" height="100%" fill="${colours("--ground")}"/>
${text(BOX.left, 24, `${title}: ${y.label}`, ' font-size="16" font-weight="600"')}
${axes(chart, range, placeX, placeY)}
<clipPath id="box"><rect x="${BOX.left}" y="${BOX.top}" width="${across}" height="${down}"/></clipPath>
<g clip-path="url(#box)">
${[...areas, ...lines, ...marks.map((at) => mark(at, placeX, colours("--alarm")))].filter((part) => part !== "").join("\n")}
</g>
${legend(series, colours)}
</svg>
`;
}
