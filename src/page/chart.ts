// A line chart on a 2-D canvas: a track (raw faint, smoothed on top) and the validations, over all steps of the training.
import { linearScale, logScale, type Scale } from "../report/scale.ts";
import { tidy, whole } from "../report/words.ts";
import { colour, type Drawing, fitted } from "./canvas.ts";
import { extent, type Track, thin } from "./track.ts";

export interface Point {
  readonly step: number;
  readonly value: number;
}

export interface ChartData {
  readonly steps: number;
  readonly track: Track;
  readonly validations: readonly Point[];
  /** The first step with a number that is not finite. */
  readonly diverged?: number | undefined;
}

export interface ChartOptions {
  /** "log" fits the numbers; "share" is 0 to 1 in per cent. */
  readonly axis: "log" | "share";
  /** The y axis' title. */
  readonly title: string;
}

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The next of 1, 2, 5 times powers of ten down (-1) or up (1), so that the axis moves seldom. */
function round125(value: number, direction: -1 | 1): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const digits = direction > 0 ? [1, 2, 5, 10] : [10, 5, 2, 1];
  const fits = (digit: number): boolean =>
    direction > 0 ? digit * power >= value * 0.999 : digit * power <= value * 1.001;
  return (digits.find(fits) ?? 1) * power;
}

/** Losses this many times below the highest are drawn at the floor. */
const DEPTH = 1e-6;

function yScale({ track, validations }: ChartData, { axis }: ChartOptions): Scale {
  if (axis === "share") return linearScale(0, 1, (value) => `${Math.round(100 * value)} %`);
  const seen = extent(track.raw.subarray(0, track.length)) ?? extent(validations.map(({ value }) => value));
  const high = Math.max(seen?.high ?? 1, extent(validations.map(({ value }) => value))?.high ?? 0, 1e-30);
  const low = Math.max(seen?.low ?? 0.1, high * DEPTH);
  return logScale(Math.min(round125(low, -1), round125(high, 1) / 10), round125(high, 1), tidy, 5);
}

function drawAxes({ context }: Drawing, frame: Frame, scales: { x: Scale; y: Scale }, title: string): void {
  const { left, right, top, bottom } = frame;
  context.lineWidth = 1;
  context.fillStyle = colour("--soft");
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { at, label } of scales.y.ticks) {
    const y = Math.round(bottom + at * (top - bottom)) + 0.5;
    context.strokeStyle = colour("--rule");
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(right, y);
    context.stroke();
    context.fillText(label, left - 6, y);
  }
  context.textBaseline = "top";
  for (const { at, label } of scales.x.ticks) {
    const x = left + at * (right - left);
    context.textAlign = at > 0.95 ? "right" : "center";
    context.fillText(label, at > 0.95 ? right : x, bottom + 6);
  }
  context.textAlign = "left";
  context.fillText(title, 0, 0);
  context.textAlign = "center";
  context.fillText("step", (left + right) / 2, bottom + 21);
  context.strokeStyle = colour("--soft");
  context.strokeRect(left + 0.5, top + 0.5, right - left - 1, bottom - top - 1);
}

export class LineChart {
  readonly canvas: HTMLCanvasElement;
  readonly #options: ChartOptions;
  #data: ChartData | undefined;

  constructor(canvas: HTMLCanvasElement, options: ChartOptions) {
    this.canvas = canvas;
    this.#options = options;
  }

  set data(data: ChartData) {
    this.#data = data;
  }

  draw(): void {
    const drawing = fitted(this.canvas);
    const data = this.#data;
    if (!drawing || !data) return;
    const { context, width, height } = drawing;
    const frame: Frame = { left: 52, right: width - 1, top: 22, bottom: height - 38 };
    const x = linearScale(0, data.steps, tidyStep, width < 420 ? 3 : 5);
    const y = yScale(data, this.#options);
    drawAxes(drawing, frame, { x, y }, this.#options.title);
    const across = (step: number): number => frame.left + x.place(step) * (frame.right - frame.left);
    const up = (value: number): number => frame.bottom + y.place(value) * (frame.top - frame.bottom);
    context.save();
    context.beginPath();
    context.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
    context.clip();
    drawTrack(drawing, data, { across, up });
    context.restore();
    drawValidations(drawing, data, { across, up });
    drawEnd(drawing, data, frame, across);
  }
}

const tidyStep = (value: number): string => (value >= 10_000 ? `${tidy(value / 1000)} k` : whole(value));

interface Places {
  readonly across: (step: number) => number;
  readonly up: (value: number) => number;
}

/** Raw: a stroke from the least to the greatest of each pixel column. Smoothed: through the columns' middles. */
function drawTrack({ context, width }: Drawing, { track, steps }: ChartData, { across, up }: Places): void {
  context.lineJoin = "round";
  context.strokeStyle = colour("--train");
  context.globalAlpha = Number(colour("--faint")) || 0.35;
  context.lineWidth = 1;
  context.beginPath();
  for (const { from, low, high } of thin(track.raw.subarray(0, track.length), steps, width)) {
    context.lineTo(across(from), up(high));
    if (low !== high) context.lineTo(across(from), up(low));
  }
  context.stroke();
  context.globalAlpha = 1;
  context.lineWidth = 2;
  context.beginPath();
  for (const { from, low, high } of thin(track.smooth.subarray(0, track.length), steps, width)) {
    context.lineTo(across(from), up((low + high) / 2));
  }
  context.stroke();
}

function drawValidations({ context }: Drawing, { validations }: ChartData, { across, up }: Places): void {
  context.strokeStyle = colour("--validation");
  context.fillStyle = colour("--ground");
  context.lineWidth = 2;
  context.setLineDash([5, 3]);
  context.beginPath();
  for (const { step, value } of validations) context.lineTo(across(step), up(value));
  context.stroke();
  context.setLineDash([]);
  context.lineWidth = 1.5;
  for (const { step, value } of validations) {
    context.beginPath();
    context.arc(across(step), up(value), 3, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

/** Where the numbers stopped being finite. */
function drawEnd({ context }: Drawing, { diverged }: ChartData, frame: Frame, across: (step: number) => number): void {
  if (diverged === undefined) return;
  const x = across(diverged);
  context.strokeStyle = colour("--alarm");
  context.fillStyle = colour("--alarm");
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x, frame.top);
  context.lineTo(x, frame.bottom);
  context.stroke();
  const right = x < (frame.left + frame.right) / 2;
  context.textAlign = right ? "left" : "right";
  context.textBaseline = "top";
  context.fillText(`not finite at step ${diverged}`, right ? x + 6 : x - 6, frame.top + 6);
}
