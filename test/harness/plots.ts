// Schedules drawn as one SVG of small plots.
import { type Schedule, valueAt } from "../../src/optim/index.ts";
import { scheduleKind } from "../../src/optim/schedule.ts";

const COLUMNS = 3;
const [WIDTH, HEIGHT] = [300, 130];
const PLOT = { x: 12, y: 30, width: 276, height: 84 };

const escaped = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

const short = (x: number): string => String(Number(x.toFixed(2)));

/** The values of steps 0, 1, ...; what follows losses hears some that fall for forty steps and no more. */
export function valuesOf(spec: Schedule, steps: number): number[] {
  const listener = scheduleKind(spec).listen?.(spec, 0);
  return Array.from({ length: steps }, (_, t) => {
    const value = valueAt(listener?.spec ?? spec, t);
    listener?.tell(Math.max(1 - t / 40, 0.01));
    return value;
  });
}

function plot(title: string, values: readonly number[], at: number): string {
  const [left, top] = [(at % COLUMNS) * WIDTH, Math.floor(at / COLUMNS) * HEIGHT];
  const most = Math.max(...values, 1e-9);
  const { x, y, width, height } = PLOT;
  const points = values.map((value, t) => {
    return `${short(x + (t / (values.length - 1)) * width)},${short(y + height - (Math.max(value, 0) / most) * height)}`;
  });
  const base = y + height;
  return [
    `<g transform="translate(${left} ${top})">`,
    `<text x="${x}" y="18" font-size="${short(Math.min(11, width / (0.62 * title.length)))}">${escaped(title)}</text>`,
    `<path d="M${x} ${y}V${base}H${x + width}" class="axis"/>`,
    `<polyline points="${points.join(" ")}"/>`,
    `<text x="${x + width}" y="${y - 2}" class="most">${short(most)}</text>`,
    "</g>",
  ].join("\n");
}

/** Small plots, three in a row: each from 0 to its largest value, which is written at its upper right. */
export function plots(specs: Readonly<Record<string, Schedule>>, steps: number): string {
  const entries = Object.entries(specs);
  const height = Math.ceil(entries.length / COLUMNS) * HEIGHT;
  const style =
    "svg{background:#fff}text{font-family:ui-monospace,monospace;fill:#333}.most{text-anchor:end;fill:#888;font-size:9px}" +
    ".axis{fill:none;stroke:#bbb}polyline{fill:none;stroke:#0b62a4;stroke-width:1.5}";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${COLUMNS * WIDTH} ${height}" role="img">`,
    `<title>Schedules over ${steps} steps</title>`,
    `<style>${style}</style>`,
    ...entries.map(([title, spec], i) => plot(title, valuesOf(spec, steps), i)),
    "</svg>\n",
  ].join("\n");
}
