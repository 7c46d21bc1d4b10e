// A line chart: uPlot on a canvas, with a legend, a reading under the pointer or the arrow keys, and its numbers as a table.
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { colour } from "./canvas.ts";
import { axisRange, axisTicks, axisWords, type PlotAxis } from "./plot_axis.ts";
import { PlotSave } from "./plot_save.tsx";
import { PlotTable } from "./plot_table.tsx";
import { theme } from "./theme.ts";

export type { PlotAxis } from "./plot_axis.ts";

export interface PlotSeries {
  readonly label: string;
  /** A custom property of style.css: "--series0". */
  readonly colour: string;
  /** Line segments and gaps in CSS pixels; empty (the default) is a solid line. */
  readonly dash?: readonly number[];
  /** In CSS pixels; by default 2. */
  readonly width?: number;
  /** By default 1. */
  readonly alpha?: number;
  /** Marks each value with a ring. */
  readonly points?: boolean;
  /** Stands behind another series: in neither the legend, the reading nor the table. */
  readonly behind?: boolean;
}

/** x, then the series in order; null where a series has no value at an x (its line goes on to its next one). */
export type PlotData = readonly (readonly (number | null)[])[];

export interface PlotBand {
  /** Positions among the series, the upper one first. */
  readonly between: readonly [number, number];
  readonly colour: string;
  readonly alpha?: number;
}

export interface PlotMark {
  readonly x: number;
  readonly label: string;
}

export interface PlotProps {
  readonly title: string;
  /** A sentence made from the data, for those who do not see the chart. */
  readonly sentence: string;
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly series: readonly PlotSeries[];
  readonly data: PlotData;
  readonly bands?: readonly PlotBand[];
  /** Upright lines in the colour of alarm: where a run diverged. */
  readonly marks?: readonly PlotMark[];
  /** Charts with one key share their cursor. */
  readonly sync?: string;
  /** False leaves out the legend, where another chart's stands for it. */
  readonly legend?: boolean;
  readonly class?: string;
}

const withAlpha = (name: string, alpha = 1): string => {
  const hex = colour(name);
  const long = hex.length === 4 ? `#${hex.slice(1).replace(/./g, "$&$&")}` : hex;
  const byte = Math.round(255 * alpha);
  return `${long}${byte.toString(16).padStart(2, "0")}`;
};

const seriesOf = ({
  label,
  colour: name,
  dash = [],
  width = 2,
  alpha = 1,
  points = false,
}: PlotSeries): uPlot.Series => ({
  label,
  stroke: () => withAlpha(name, alpha),
  width,
  dash: [...dash],
  spanGaps: true,
  points: { show: points, size: 7, width: 1.5, fill: () => colour("--ground"), stroke: () => colour(name) },
});

function axisOf(axis: PlotAxis, side: 2 | 3, size: number): uPlot.Axis {
  return {
    side,
    size,
    gap: 4,
    stroke: () => colour("--soft"),
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
    grid: { stroke: () => colour("--rule"), width: 1 },
    ticks: { stroke: () => colour("--rule"), width: 1, size: 4 },
    border: { show: true, stroke: () => colour("--soft"), width: 1 },
    splits: (u, _, low, high) =>
      axisTicks(axis, low, high, side === 2 ? Math.max(2, u.width / 110) : Math.max(2, u.height / 38)),
    // uPlot leaves out ticks of a log axis that are no powers of ten; ours are chosen already.
    filter: (_, splits) => splits,
    values: (_, splits) => splits.map((value) => axisWords(axis, value)),
  };
}

function drawMarks(u: uPlot, marks: readonly PlotMark[]): void {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colour("--alarm");
  ctx.fillStyle = colour("--alarm");
  ctx.lineWidth = 2 * ratio;
  ctx.font = `${12 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
  ctx.textBaseline = "top";
  for (const { x, label } of marks) {
    const at = u.valToPos(x, "x", true);
    if (!Number.isFinite(at)) continue;
    ctx.beginPath();
    ctx.moveTo(at, bbox.top);
    ctx.lineTo(at, bbox.top + bbox.height);
    ctx.stroke();
    const right = at < bbox.left + bbox.width / 2;
    ctx.textAlign = right ? "left" : "right";
    ctx.fillText(label, right ? at + 6 * ratio : at - 6 * ratio, bbox.top + 6 * ratio);
  }
  ctx.restore();
}

function optionsOf(
  host: HTMLElement,
  props: PlotProps,
  latest: { current: PlotProps },
  read: (at: number | null) => void,
): uPlot.Options {
  const { x, y, series, bands = [], sync } = props;
  const scale = (axis: PlotAxis, pad: boolean): uPlot.Scale => ({
    time: false,
    distr: axis.scale === "log" ? 3 : 1,
    range: (_, low, high) =>
      pad || axis.scale === "log"
        ? axisRange(axis, low, high)
        : [axis.low ?? low ?? 0, axis.high ?? (high > low ? high : low + 1)],
  });
  return {
    width: Math.max(50, host.clientWidth),
    height: Math.max(50, host.clientHeight),
    legend: { show: false },
    cursor: {
      drag: { setScale: false, x: false, y: false },
      points: { size: 6 },
      y: false,
      ...(sync ? { sync: { key: sync } } : {}),
    },
    scales: { x: scale(x, false), y: scale(y, true) },
    axes: [axisOf(x, 2, 30), axisOf(y, 3, 52)],
    series: [{}, ...series.map(seriesOf)],
    bands: bands.map(({ between: [upper, lower], colour: name, alpha = 0.2 }) => ({
      series: [upper + 1, lower + 1],
      fill: () => withAlpha(name, alpha),
    })),
    hooks: {
      draw: [(u) => drawMarks(u, latest.current.marks ?? [])],
      setCursor: [(u) => read(u.cursor.idx ?? null)],
    },
  };
}

/** On a log axis only what is above 0 has a place. */
function placed({ data, y }: PlotProps): uPlot.AlignedData {
  if (y.scale !== "log") return data as uPlot.AlignedData;
  const [x, ...rest] = data;
  const above = rest.map((values) => values.map((value) => (value !== null && value > 0 ? value : null)));
  return [x ?? [], ...above] as unknown as uPlot.AlignedData;
}

/** What needs a new chart rather than new numbers. */
const shapeOf = ({ x, y, series, bands, sync }: PlotProps): string =>
  JSON.stringify([x, y, series, bands, sync]) + String(x.show) + String(y.show);

/** The values at position `at` in words. */
function readingOf({ x, series, data }: PlotProps & { y: PlotAxis }, y: PlotAxis, at: number): string {
  const values = series.flatMap(({ label, behind }, i) => {
    const value = data[i + 1]?.[at];
    return behind || value === null || value === undefined ? [] : [`${label} ${axisWords(y, value)}`];
  });
  return `${x.label} ${axisWords(x, data[0]?.[at] ?? 0)}: ${values.join(", ") || "no value"}`;
}

/** Moves the cursor by the arrow keys, Home and End. */
function moveCursor(event: KeyboardEvent, u: uPlot | undefined, length: number): void {
  const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
  const by = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined;
  if (by === undefined || !u || length === 0) return;
  event.preventDefault();
  const stride = event.shiftKey ? 10 : 1;
  const at = Math.min(length - 1, Math.max(0, (u.cursor.idx ?? (by > 0 ? -1 : length)) + by * stride));
  u.setCursor({ left: u.valToPos(u.data[0]?.[at] as number, "x"), top: 10 });
}

function Legend({ series }: { readonly series: readonly PlotSeries[] }) {
  return (
    <p class="legend" aria-hidden="true">
      {series
        .filter(({ behind }) => !behind)
        .map(({ label, colour: name, dash = [] }) => (
          <span key={label}>
            <svg width="28" height="8" aria-hidden="true">
              <line
                x1="0"
                y1="4"
                x2="28"
                y2="4"
                stroke-width="3"
                stroke-dasharray={dash.join(" ")}
                style={{ stroke: `var(${name})` }}
              />
            </svg>
            {label}
          </span>
        ))}
    </p>
  );
}

/** A chart that fills its box; see PlotProps. The box's height is the style sheet's (`.plot`, or the class given). */
export function Plot(props: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const [reading, setReading] = useState<number | null>(null);
  const shape = shapeOf(props);

  useEffect(() => {
    const box = host.current;
    if (!box) return;
    const u = new uPlot(optionsOf(box, latest.current, latest, setReading), placed(latest.current), box);
    chart.current = u;
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = box;
      if (width > 0 && height > 0 && (width !== u.width || height !== u.height)) u.setSize({ width, height });
    });
    observer.observe(box);
    const stop = theme.subscribe(() => u.redraw(false));
    return () => {
      observer.disconnect();
      stop();
      u.destroy();
    };
  }, [shape]);
  useEffect(() => {
    chart.current?.setData(placed(props));
  }, [props.data, props.marks]);

  const { title, sentence, series, data, y, legend = true } = props;
  const words = reading === null || !data[0] || reading >= data[0].length ? "" : readingOf(props, y, reading);
  return (
    <figure class={`plot-figure ${props.class ?? ""}`}>
      <figcaption>
        {title} <output class="reading">{words}</output>
      </figcaption>
      {legend && <Legend series={series} />}
      <div
        class="plot"
        ref={host}
        role="img"
        aria-label={`${title}. ${sentence}`}
        tabIndex={0}
        onKeyDown={(event) => moveCursor(event, chart.current, data[0]?.length ?? 0)}
      />
      <PlotSave {...props} host={host} />
      <PlotTable {...props} />
    </figure>
  );
}
