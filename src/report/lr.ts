// The learning rate range test as one SVG that stands alone: light and dark, text as text, marks told by shape as well as colour.
import type { LrCurve } from "../train/find_lr.ts";
import { escapeHtml } from "./markup.ts";
import { linearScale, logScale, type Scale } from "./scale.ts";
import { dark, light } from "./style.ts";
import { rate, tidy } from "./words.ts";

const [WIDTH, HEIGHT] = [640, 360];
const AREA = { left: 56, top: 44, right: 624, bottom: 304 };

const short = (value: number): string => String(Number(value.toFixed(1)));
const across = (share: number): number => AREA.left + share * (AREA.right - AREA.left);
const down = (share: number): number => AREA.bottom - share * (AREA.bottom - AREA.top);

const colours = ({ ground, lines }: typeof light | typeof dark, ink: string, rule: string): string =>
  `--ground:${ground};--ink:${ink};--rule:${rule};--line:${lines[0]};--mark:${lines[1]}`;

const STYLE = `svg{${colours(light, "#1b1f24", "#d5dade")};background:var(--ground)}
@media(prefers-color-scheme:dark){svg{${colours(dark, "#e8eaed", "#343a41")}}}
text{font:13px system-ui,sans-serif;fill:var(--ink)}.end{text-anchor:end}.middle{text-anchor:middle}
.grid{stroke:var(--rule);fill:none}.line{stroke:var(--line);stroke-width:2;fill:none;stroke-linejoin:round}
.raw{fill:var(--line);opacity:.35}.mark{stroke:var(--mark);stroke-width:2;stroke-dasharray:6 4;fill:none}.tenth{stroke-dasharray:2 4}`;

/** What is to be seen, in a sentence or two. */
export function lrSentence({ points, steepest, minimumTenth, diverged }: LrCurve): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return "No loss was finite.";
  const range = `The learning rate grows from ${rate(first.lr)} to ${rate(last.lr)}.`;
  const found =
    steepest === undefined || minimumTenth === undefined
      ? "The loss never falls."
      : `The loss falls fastest at ${rate(steepest)}; a tenth of where it is least is ${rate(minimumTenth)}.`;
  return `${range} ${found}${diverged === undefined ? "" : ` It had diverged at ${rate(diverged)}.`}`;
}

function axes(x: Scale, y: Scale): string {
  const rows = y.ticks.map(({ at, label }) => {
    const height = short(down(at));
    return `<path class="grid" d="M${AREA.left} ${height}H${AREA.right}"/><text class="end" x="${AREA.left - 8}" y="${short(down(at) + 4)}">${escapeHtml(label)}</text>`;
  });
  const columns = x.ticks.map(({ at, label }) => {
    const place = short(across(at));
    return `<path class="grid" d="M${place} ${AREA.top}V${AREA.bottom}"/><text class="middle" x="${place}" y="${AREA.bottom + 18}">${escapeHtml(label)}</text>`;
  });
  return [...rows, ...columns].join("\n");
}

/** A dashed line down the area with its words above, kept within the picture. */
function mark(x: Scale, lr: number, { words, kind, row }: { words: string; kind: string; row: number }): string {
  const place = across(x.place(lr));
  const anchor = place > WIDTH / 2 ? "end" : "start";
  return `<path class="mark ${kind}" d="M${short(place)} ${AREA.top - 4}V${AREA.bottom}"/><text x="${short(place)}" y="${14 + 17 * row}" text-anchor="${anchor}">${escapeHtml(`${words} ${rate(lr)}`)}</text>`;
}

/** The curve as an SVG file: losses as dots, the smooth loss as a line over a log axis, both suggestions marked. */
export function lrSvg(curve: LrCurve): string {
  const { points, steepest, minimumTenth } = curve;
  const sentence = escapeHtml(lrSentence(curve));
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${sentence}">
<title>Learning rate range test</title><desc>${sentence}</desc><style>${STYLE}</style>`;
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last)
    return `${open}<text class="middle" x="${WIDTH / 2}" y="${HEIGHT / 2}">${sentence}</text></svg>\n`;
  const smooth = points.map((point) => point.smooth);
  const [least, start] = [Math.min(...smooth), smooth[0] ?? 0];
  // What rises past the start is cut there: it would press the fall flat.
  const top = Math.max(start + 0.5 * (start - least), Math.max(...smooth.slice(0, smooth.indexOf(least) + 1)));
  const low = Math.min(least, 0.9 * least);
  const x = logScale(first.lr, last.lr, rate);
  const y = linearScale(low, top > low ? top : low + 1, tidy);
  const inside = (value: number): number => Math.min(1, Math.max(0, y.place(value)));
  const at = (lr: number, value: number): string => `${short(across(x.place(lr)))} ${short(down(inside(value)))}`;
  const dots = points
    .filter(({ loss }) => y.place(loss) >= 0 && y.place(loss) <= 1)
    .map(({ lr, loss }) => {
      const [cx, cy] = at(lr, loss).split(" ");
      return `<circle class="raw" cx="${cx}" cy="${cy}" r="2.5"/>`;
    });
  const marks = [
    steepest === undefined ? "" : mark(x, steepest, { words: "steepest", kind: "steepest", row: 0 }),
    minimumTenth === undefined ? "" : mark(x, minimumTenth, { words: "minimum / 10:", kind: "tenth", row: 1 }),
  ];
  return `${open}
${axes(x, y)}
${dots.join("")}
<path class="line" d="M${points.map((point) => at(point.lr, point.smooth)).join("L")}"/>
${marks.join("\n")}
<text class="middle" x="${(AREA.left + AREA.right) / 2}" y="${HEIGHT - 12}">learning rate (log)</text><text x="4" y="${AREA.top - 14}">loss</text>
</svg>
`;
}
