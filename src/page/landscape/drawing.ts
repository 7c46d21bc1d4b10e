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

/** Marks told apart without colour: disc, square, triangle, diamond, each also upside down or ringed. */
const MARKS: readonly ((path: Path2D, x: number, y: number, r: number) => void)[] = [
  (path, x, y, r) => path.arc(x, y, r, 0, 2 * Math.PI),
  (path, x, y, r) => path.rect(x - r, y - r, 2 * r, 2 * r),
  (path, x, y, r) => corners(path, x, y, r * 1.25, [-90, 30, 150]),
  (path, x, y, r) => corners(path, x, y, r * 1.35, [0, 90, 180, 270]),
  (path, x, y, r) => corners(path, x, y, r * 1.25, [90, 210, 330]),
  (path, x, y, r) => corners(path, x, y, r * 1.2, [18, 90, 162, 234, 306]),
  (path, x, y, r) => path.rect(x - r * 0.5, y - r * 1.4, r, 2.8 * r),
  (path, x, y, r) => path.rect(x - r * 1.4, y - r * 0.5, 2.8 * r, r),
];

function corners(path: Path2D, x: number, y: number, r: number, degrees: readonly number[]): void {
  const angles = degrees.map((degree) => (degree * Math.PI) / 180);
  through(
    angles.map((angle) => [x + r * Math.cos(angle), y + r * Math.sin(angle)] as const),
    path,
  ).closePath();
}

/** The mark of optimizer `index`, for the canvas and for the legend. */
export function markPath(index: number, x: number, y: number, r: number): Path2D {
  const path = new Path2D();
  MARKS[index % MARKS.length]?.(path, x, y, r);
  return path;
}

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

/** Trails up to `step`, their heads, and the start as a ring. */
export function drawTrails(
  canvas: HTMLCanvasElement,
  {
    name,
    trails,
    start,
    step,
  }: { name: LandscapeName; trails: readonly Trail[]; start: readonly [number, number]; step: number },
): void {
  const drawing = fitted(canvas);
  if (!drawing) return;
  const { context, width, height } = drawing;
  const frame = frameOf(name, width, height);
  trails.forEach((trail, i) => {
    const points = drawable(trail, frame, drawing, step);
    const line = through(points);
    context.lineJoin = "round";
    context.setLineDash([]);
    context.strokeStyle = colour("--ground");
    context.lineWidth = 4;
    context.stroke(line);
    context.strokeStyle = colour(seriesColour(i));
    context.lineWidth = 2.25;
    context.setLineDash([...seriesDash(i)]);
    context.stroke(line);
    context.setLineDash([]);
    const [left, top] = points.at(-1) ?? [0, 0];
    const head = markPath(i, left, top, 5);
    context.fillStyle = colour(seriesColour(i));
    context.strokeStyle = colour("--ground");
    context.lineWidth = 1.5;
    context.fill(head);
    context.stroke(head);
  });
  context.strokeStyle = colour("--ink");
  context.lineWidth = 2;
  context.beginPath();
  context.arc(frame.left(start[0]), frame.top(start[1]), 8, 0, 2 * Math.PI);
  context.stroke();
}
