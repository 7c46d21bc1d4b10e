// A regression of one number on one: the rows as dots, the network's answer as a line, on a 2-D canvas.
import type { Dataset } from "../../data/index.ts";
import { linearScale } from "../../report/scale.ts";
import { colour, type Drawing, fitted } from "../canvas.ts";
import { extent } from "./curves.ts";
import { POINTS } from "./surface.ts";

interface Frame {
  readonly across: (x: number) => number;
  readonly up: (y: number) => number;
}

function drawTicks(
  { context, width, height }: Drawing,
  xs: readonly [number, number],
  ys: readonly [number, number],
): Frame {
  const [left, right, top, bottom] = [36, width - 4, 6, height - 24];
  const x = linearScale(xs[0], xs[1], String, 5);
  const y = linearScale(ys[0], ys[1], String, 5);
  const frame = {
    across: (value: number) => left + x.place(value) * (right - left),
    up: (value: number) => bottom + y.place(value) * (top - bottom),
  };
  context.strokeStyle = colour("--soft");
  context.strokeRect(left + 0.5, top + 0.5, right - left - 1, bottom - top - 1);
  context.fillStyle = colour("--soft");
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const { at, label } of x.ticks) context.fillText(label, left + at * (right - left), bottom + 6);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { at, label } of y.ticks) context.fillText(label, left - 6, bottom + at * (top - bottom));
  return frame;
}

/** `line` are the x values the network was asked, `answer` what it said there. */
export function drawFit(
  canvas: HTMLCanvasElement,
  data: Dataset,
  line: Float32Array,
  answer: Float32Array | undefined,
): void {
  const drawing = fitted(canvas);
  const { start, count } = data.splits.train;
  const seen = extent(data.y);
  if (!drawing || !seen) return;
  const room = 0.15 * (seen.high - seen.low || 1);
  const xs = [line[0] as number, line.at(-1) as number] as const;
  const { across, up } = drawTicks(drawing, xs, [seen.low - room, seen.high + room]);
  const { context } = drawing;
  context.fillStyle = colour("--series0");
  for (let i = start; i < start + Math.min(POINTS, count); i++) {
    context.beginPath();
    context.arc(across(data.x[i] as number), up(data.y[i] as number), 2.2, 0, 2 * Math.PI);
    context.fill();
  }
  if (!answer) return;
  context.strokeStyle = colour("--series1");
  context.lineWidth = 2.5;
  context.beginPath();
  for (const [i, x] of line.entries()) {
    const y = answer[i] as number;
    if (Number.isFinite(y)) context.lineTo(across(x), Math.max(-1e4, Math.min(1e4, up(y))));
  }
  context.stroke();
}
