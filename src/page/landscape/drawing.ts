// Landscapes on a canvas: contours below, trails above, each with a colour, a dash, and a mark of its own at its head.
import { colour, type Drawing, fitted, rgbOf } from "../canvas.ts";
import type { Trail } from "../lab/protocol.ts";
import { seriesColour, seriesDash } from "../palette.ts";
import { levelsOf } from "./contours.ts";
import { type LandscapeName, landscapes } from "./functions.ts";

/** Between a landscape's plane and the canvas. */
export interface Frame {
  readonly left: (x: number) => number;
  readonly top: (y: number) => number;
  readonly x: (left: number) => number;
  readonly y: (top: number) => number;
}

export function frameOf(name: LandscapeName, width: number, height: number): Frame {
  const [west, east, south, north] = landscapes[name].view;
  return {
    left: (x) => ((x - west) / (east - west)) * width,
    top: (y) => ((north - y) / (north - south)) * height,
    x: (left) => west + (left / width) * (east - west),
    y: (top) => north - (top / height) * (north - south),
  };
}

/** Between two colours. */
function mixed(from: string, to: string, share: number): string {
  const [a, b] = [rgbOf(from), rgbOf(to)];
  const parts = a.map((part, i) => Math.round(part + share * ((b[i] as number) - part)));
  return `rgb(${parts.join(" ")})`;
}

/** A line through points. */
function through(points: readonly (readonly [number, number])[], path = new Path2D()): Path2D {
  for (const [i, [left, top]] of points.entries()) {
    if (i === 0) path.moveTo(left, top);
    else path.lineTo(left, top);
  }
  return path;
}

/** Fills from deep to high, lines between them, a cross at the minimum. */
export function drawContours(canvas: HTMLCanvasElement, name: LandscapeName): void {
  const drawing = fitted(canvas);
  if (!drawing) return;
  const { context, width, height } = drawing;
  const [ground, deep] = [colour("--ground"), colour("--series0")];
  context.fillStyle = mixed(ground, deep, 0.42);
  context.fillRect(0, 0, width, height);
  for (const { height: at, rings } of levelsOf(name)) {
    const path = new Path2D();
    for (const ring of rings) {
      through(
        ring.map(([x, y]) => [x * width, y * height] as const),
        path,
      ).closePath();
    }
    context.fillStyle = mixed(ground, deep, 0.42 * (1 - (at + 1 / 16) / (1 + 1 / 16)));
    context.fill(path, "evenodd");
    context.strokeStyle = mixed(ground, colour("--ink"), 0.28);
    context.lineWidth = 0.75;
    context.stroke(path);
  }
  const { minimum } = landscapes[name];
  const frame = frameOf(name, width, height);
  cross(drawing, frame.left(minimum.at[0]), frame.top(minimum.at[1]));
}

function cross({ context }: Drawing, left: number, top: number): void {
  context.strokeStyle = colour("--ink");
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(left - 6, top);
  context.lineTo(left + 6, top);
  context.moveTo(left, top - 6);
  context.lineTo(left, top + 6);
  context.stroke();
}

const corners = (radius: number, degrees: readonly number[]): string =>
  `M${degrees.map((degree) => [Math.cos((degree * Math.PI) / 180), Math.sin((degree * Math.PI) / 180)].map((part) => (radius * part).toFixed(2)).join(" ")).join("L")}Z`;

const box = (width: number, height: number): string => `M${-width} ${-height}H${width}V${height}H${-width}Z`;

/** Marks told apart without colour, about the origin, as an SVG's path: disc, square, triangle, diamond ... */
const MARKS: readonly string[] = [
  "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1 -5 0Z",
  box(4.5, 4.5),
  corners(6.5, [-90, 30, 150]),
  corners(6.5, [0, 90, 180, 270]),
  corners(6.5, [90, 210, 330]),
  corners(6, [-90, -18, 54, 126, 198]),
  box(2.5, 7),
  box(7, 2.5),
];

/** The mark of optimizer `index`. */
export const markOf = (index: number): string => MARKS[index % MARKS.length] ?? "";

/** How far beyond the edge a line still goes, in canvas widths: lines to infinity are not drawn. */
const BEYOND = 2;

/** Steps of a trail that can be drawn: up to the first that is not finite or far outside. */
function drawable({ positions }: Trail, frame: Frame, { width, height }: Drawing, step: number): [number, number][] {
  const points: [number, number][] = [];
  for (let i = 0; i <= step && 2 * i + 1 < positions.length; i++) {
    const [left, top] = [frame.left(positions[2 * i] as number), frame.top(positions[2 * i + 1] as number)];
    if (!(Math.abs(left) < BEYOND * width + width && Math.abs(top) < BEYOND * height + height)) break;
    points.push([left, top]);
  }
  return points;
}

/** A line in its colour and dash, on a lighter ground so that lines across it stay lines. */
function drawLine({ context }: Drawing, points: readonly (readonly [number, number])[], index: number): void {
  const line = through(points);
  context.lineJoin = "round";
  context.setLineDash([]);
  context.strokeStyle = colour("--ground");
  context.lineWidth = 4;
  context.stroke(line);
  context.strokeStyle = colour(seriesColour(index));
  context.lineWidth = 2.25;
  context.setLineDash([...seriesDash(index)]);
  context.stroke(line);
  context.setLineDash([]);
}

function drawHead({ context }: Drawing, [left, top]: readonly [number, number], index: number): void {
  const path = new Path2D();
  path.addPath(new Path2D(markOf(index)), { e: left, f: top });
  context.fillStyle = colour(seriesColour(index));
  context.strokeStyle = colour("--ground");
  context.lineWidth = 1.5;
  context.fill(path);
  context.stroke(path);
}

/** Trails up to `step`, the start as a ring, and above all the trails' heads. */
export function drawTrails(
  canvas: HTMLCanvasElement,
  at: {
    readonly name: LandscapeName;
    readonly trails: readonly Trail[];
    readonly start: readonly [number, number];
    readonly step: number;
  },
): void {
  const { name, trails, start, step } = at;
  const drawing = fitted(canvas);
  if (!drawing) return;
  const { context, width, height } = drawing;
  const frame = frameOf(name, width, height);
  const all = trails.map((trail) => drawable(trail, frame, drawing, step));
  for (const [i, points] of all.entries()) drawLine(drawing, points, i);
  context.strokeStyle = colour("--ink");
  context.lineWidth = 2;
  context.beginPath();
  context.arc(frame.left(start[0]), frame.top(start[1]), 8, 0, 2 * Math.PI);
  context.stroke();
  for (const [i, points] of all.entries()) {
    const head = points.at(-1);
    if (head) drawHead(drawing, head, i);
  }
}
