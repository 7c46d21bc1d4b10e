// A chart to take away: PNG of what is drawn, SVG, and its numbers as CSV.
import type { RefObject } from "preact";
import { csvRows } from "../report/csv.ts";
import { colour } from "./canvas.ts";
import { download, fileName } from "./download.ts";
import type { PlotProps } from "./plot.tsx";
import { plotSvg } from "./plot_svg.ts";

/** CSS pixels of the title's line and of a line of the legend. */
const LINE = 24;
const PAD = 12;

interface Place {
  readonly left: number;
  readonly line: number;
}

/** Where each name of the legend goes, in lines of `width`. */
function legendPlaces(context: CanvasRenderingContext2D, labels: readonly string[], width: number): Place[] {
  let [left, line] = [PAD, 0];
  return labels.map((label) => {
    const wide = 38 + context.measureText(label).width + 16;
    if (left > PAD && left + wide > width) [left, line] = [PAD, line + 1];
    const place = { left, line };
    left += wide;
    return place;
  });
}

/** The drawn canvas with its title and legend around it, at the canvas' own sharpness. */
function pngOf(drawn: HTMLCanvasElement, { title, y, series }: PlotProps): HTMLCanvasElement {
  const ratio = drawn.width / Math.max(1, drawn.clientWidth);
  const named = series.filter(({ behind }) => !behind);
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const font = getComputedStyle(document.body).fontFamily;
  context.font = `13px ${font}`;
  const places = legendPlaces(
    context,
    named.map(({ label }) => label),
    drawn.clientWidth,
  );
  const lines = 1 + Math.max(-1, ...places.map(({ line }) => line));
  canvas.width = drawn.width;
  canvas.height = drawn.height + Math.round(ratio * LINE * (1 + lines));
  context.scale(ratio, ratio);
  context.fillStyle = colour("--ground");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = colour("--ink");
  context.textBaseline = "middle";
  context.font = `600 14px ${font}`;
  context.fillText(`${title}: ${y.label}`, PAD, LINE / 2);
  context.drawImage(drawn, 0, LINE, drawn.clientWidth, drawn.clientHeight);
  context.font = `13px ${font}`;
  named.forEach(({ label, colour: name, dash = [] }, i) => {
    const { left, line } = places[i] as Place;
    const top = LINE + drawn.clientHeight + (line + 0.5) * LINE;
    context.strokeStyle = colour(name);
    context.lineWidth = 2.5;
    context.setLineDash([...dash]);
    context.beginPath();
    context.moveTo(left, top);
    context.lineTo(left + 30, top);
    context.stroke();
    context.fillText(label, left + 38, top);
  });
  return canvas;
}

/** x, then a column a series; empty where a series has no value. */
export function plotCsv({ x, series, data }: Pick<PlotProps, "x" | "series" | "data">): string {
  const rows = (data[0] ?? []).map((value, i) => [
    value ?? undefined,
    ...series.map((_, k) => data[k + 1]?.[i] ?? undefined),
  ]);
  return csvRows([[x.label, ...series.map(({ label }) => label)], ...rows]);
}

/** Three buttons in a fold under a chart. */
export function PlotSave({ host, ...props }: PlotProps & { readonly host: RefObject<HTMLDivElement | null> }) {
  const { title } = props;
  const png = (): void => {
    const drawn = host.current?.querySelector("canvas");
    if (!drawn) return;
    pngOf(drawn, props).toBlob((blob) => {
      if (blob) download(fileName(title, "png"), blob, "image/png");
    });
  };
  return (
    <p class="save">
      <span class="unseen">Save this chart as </span>
      <button type="button" class="small" onClick={png} aria-label={`Save ${title} as PNG`}>
        PNG
      </button>
      <button
        type="button"
        class="small"
        onClick={() => download(fileName(title, "svg"), plotSvg(props, colour), "image/svg+xml")}
        aria-label={`Save ${title} as SVG`}
      >
        SVG
      </button>
      <button
        type="button"
        class="small"
        onClick={() => download(fileName(title, "csv"), plotCsv(props), "text/csv")}
        aria-label={`Save ${title} as CSV`}
      >
        CSV
      </button>
    </p>
  );
}
