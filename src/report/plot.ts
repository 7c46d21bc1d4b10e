// The frame of a chart: an SVG stretched over the plot's area (strokes keep their width), with ticks and marks as HTML around
// it, so that text keeps its size and the chart takes any width without a script.
import { escapeHtml } from "./markup.ts";
import type { Tick } from "./scale.ts";

/** The SVG's own units along either side. */
export const UNITS = 1000;

export const PALETTE = 8;

/** A number in the SVG's units, from a share in [0, 1]. */
export const unit = (share: number): string => String(Number((UNITS * share).toFixed(1)));

/** The same from the top down. */
export const down = (share: number): string => unit(1 - share);

export const share = (value: number): string => `${(100 * value).toFixed(2)}%`;

/** A dot: a line of no length with round ends, which the stretching cannot squash. */
export function dot(x: number, y: number, classes: string, title: string): string {
  return `<path class="dot ${classes}" d="M${unit(x)} ${down(y)}h.01"><title>${escapeHtml(title)}</title></path>`;
}

/** A mark that must not be stretched, centred on its place; text, so that it carries without colour. */
export function mark(x: number, y: number, text: string, classes = ""): string {
  return `<span class="mark ${classes}" style="left:${share(x)};top:${share(1 - y)}">${text}</span>`;
}

/** Colour and dash of series `i`: past the palette, thin and grey. */
export const styleOf = (colour: number, dash = colour): string =>
  colour < PALETTE ? `c${colour} k${dash % PALETTE}` : "other";

/** A short sample of a line, for legends. */
export const swatch = (classes: string): string =>
  `<svg class="swatch" viewBox="0 0 40 10" aria-hidden="true"><path class="line ${classes}" d="M1 5H39"/></svg>`;

export interface Layer {
  /** Shown when the chart's switch says so; a chart without a switch has one layer. */
  readonly name: string;
  readonly y: readonly Tick[];
  readonly svg: string;
  readonly marks: string;
}

export interface Frame {
  readonly id: string;
  /** One sentence of what is to be seen, made from the data. */
  readonly label: string;
  /** CSS pixels. */
  readonly height: number;
  readonly x: readonly Tick[];
  readonly xTitle: string;
  readonly yTitle: string;
  readonly layers: readonly Layer[];
  /** Whether the y ticks are names of rows, which need room. */
  readonly names?: boolean;
  /** Whether arrows move a cursor over it. */
  readonly cursor?: boolean;
}

function layer({ name, y, svg, marks }: Layer, x: readonly Tick[], index: number): string {
  const across = y.map(({ at }) => `M0 ${down(at)}H${UNITS}`).join("");
  const upright = x.map(({ at }) => `M${unit(at)} 0V${UNITS}`).join("");
  const ticks = y.map(({ at, label }) => {
    const text = escapeHtml(label);
    return `<span class="yt" style="top:${share(1 - at)}" title="${text}">${text}</span>`;
  });
  return `<div class="layer" data-layer="${name}"${index > 0 ? " hidden" : ""}><svg viewBox="0 0 ${UNITS} ${UNITS}" preserveAspectRatio="none"><path class="grid" d="${across}${upright}"/>${svg}</svg>${marks}${ticks.join("")}</div>`;
}

/** The ticks that stay on a narrow screen: from the last on, those that do not touch the one before. */
function narrow(ticks: readonly Tick[], apart: number): Set<Tick> {
  const kept = new Set<Tick>();
  let edge = Number.POSITIVE_INFINITY;
  for (const tick of [...ticks].sort((a, b) => b.at - a.at)) {
    if (edge - tick.at < apart) continue;
    kept.add(tick);
    edge = tick.at;
  }
  return kept;
}

/** The chart's markup. Its area is hidden from screen readers; they get the label and the table that `id`-data names. */
export function plot(frame: Frame): string {
  const { id, label, height, x, xTitle, yTitle, layers, names, cursor } = frame;
  const kept = narrow(x, names ? 0.24 : 0.16);
  const ticks = x.map((tick) => {
    const classes = kept.has(tick) ? "xt" : "xt spare";
    return `<span class="${classes}" style="left:${share(tick.at)}">${escapeHtml(tick.label)}</span>`;
  });
  const focus = cursor ? ' tabindex="0"' : "";
  return `<div class="plot${names ? " names" : ""}" id="${id}" role="figure" aria-label="${escapeHtml(label)}" aria-details="${id}-data"${focus}>
<div aria-hidden="true"><div class="ytitle">${escapeHtml(yTitle)}</div><div class="area" style="height:${height}px">
${layers.map((each, i) => layer(each, x, i)).join("\n")}
${ticks.join("")}${cursor ? '<span class="cursor" hidden></span>' : ""}</div><div class="xtitle">${escapeHtml(xTitle)}</div></div></div>`;
}
