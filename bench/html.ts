// The results as one self-contained page, light and dark: cost curves as SVG, then every table.
import { escapeHtml, numbers, plainTable } from "../src/report/markup.ts";
import { down, type Layer, plot, swatch, unit } from "../src/report/plot.ts";
import { linearScale, logScale, type Scale } from "../src/report/scale.ts";
import { style } from "../src/report/style.ts";
import type { BenchResult, CurvePoint, CurveResult } from "./result.ts";
import { figure, type Table, tablesOf } from "./tables.ts";

const LINE = "c0 k0";

/** Room around the ends, so that no point lies on the frame. */
const PAD = 1.15;

function scalesOf({ name, points }: CurveResult): { x: Scale; y: Scale } {
  const xs = points.map(({ x }) => x);
  const low = Math.min(...points.map(({ stepMillis }) => stepMillis.low));
  const high = Math.max(...points.map(({ stepMillis }) => stepMillis.high));
  const last = Math.max(...xs);
  const x =
    name === "depth" ? linearScale(0, last * 1.04, figure) : logScale(Math.min(...xs) / PAD, last * PAD, figure);
  return { x, y: logScale(low / PAD, high * PAD, figure) };
}

function drawn(points: readonly CurvePoint[], { x, y }: { x: Scale; y: Scale }): string {
  const at = (point: CurvePoint, value: number): string => `${unit(x.place(point.x))} ${down(y.place(value))}`;
  const path = points.map((point, i) => `${i === 0 ? "M" : "L"}${at(point, point.stepMillis.median)}`).join("");
  const marks = points.map((point) => {
    const { median, low, high } = point.stepMillis;
    const title = `${figure(point.x)}: ${figure(median)} ms (${figure(low)} to ${figure(high)})`;
    const range = `<path class="spread" d="M${at(point, low)}L${at(point, high)}"/>`;
    return `${range}<path class="dot ${LINE}" d="M${at(point, median)}h.01"><title>${escapeHtml(title)}</title></path>`;
  });
  return `<path class="line ${LINE}" d="${path}"/>${marks.join("")}`;
}

function curveSection(curve: CurveResult): string {
  const { name, title, xTitle, points } = curve;
  const scales = scalesOf(curve);
  const layer: Layer = { name: "log", y: scales.y.ticks, svg: drawn(points, scales), marks: "" };
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return "";
  const label = `Milliseconds a step against ${xTitle}: from ${figure(first.stepMillis.median)} at ${first.x} to ${figure(last.stepMillis.median)} at ${last.x}.`;
  const id = `curve-${name}`;
  const chart = plot({ id, label, height: 260, x: scales.x.ticks, xTitle, yTitle: "ms a step (log)", layers: [layer] });
  const rows = points.map(({ x, stepMillis: { median, low, high } }) => [x, median, low, high].map(figure));
  const listed = plainTable(title, [xTitle, "ms a step", "least", "most"], rows);
  return `<section><h2>${escapeHtml(title)}</h2>${chart}${numbers(`${id}-data`, listed)}</section>`;
}

function tableSection({ title, head, rows }: Table): string {
  const head0 = head.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join("");
  const body = rows.map(([first = "", ...rest]) => {
    const cells = rest.map((text, i) => {
      const span = i === rest.length - 1 ? head.length - rest.length : 1;
      return `<td${span > 1 ? ` colspan="${span}"` : ""}>${escapeHtml(text)}</td>`;
    });
    return `<tr><th scope="row">${escapeHtml(first)}</th>${cells.join("")}</tr>`;
  });
  return `<section><h2>${escapeHtml(title)}</h2><div class="scroll" role="region" aria-label="${escapeHtml(title)}, scrollable" tabindex="0"><table><thead><tr>${head0}</tr></thead><tbody>${body.join("")}</tbody></table></div></section>`;
}

function factsOf({ machine, ceilings }: BenchResult): string {
  const { adapter, software, browser, cores, cpu, load, date, commit, version } = machine;
  const facts = [
    ["adapter", `${adapter}${software ? " (a software adapter: right, but slow)" : ""}`],
    ["browser", browser],
    ["processor", `${cores} cores ${cpu}, load ${load.join(" ")}`],
    ["version", `${version}, commit ${commit}`],
    ["date", date.slice(0, 16).replace("T", " ")],
    ...(ceilings
      ? [["ceilings", `${figure(ceilings.gflops.high)} GFLOP/s, ${figure(ceilings.copyGBs.high)} GB/s`]]
      : []),
  ];
  return `<dl class="facts">${facts.map(([term = "", text = ""]) => `<div><dt>${term}</dt><dd>${escapeHtml(text)}</dd></div>`).join("")}</dl>`;
}

/** The page. No script, nothing loaded. */
export function page(result: BenchResult): string {
  const title = `Bench on ${result.machine.adapter}`;
  const curves = result.curves ?? [];
  const key = `<p class="caption">${swatch(LINE)} median; the bar is the range of the rounds. Both axes are logarithmic, but for depth.</p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)} - Fall Line</title>
<style>${style}</style>
</head>
<body>
<main>
<header><p class="over">Fall Line bench${result.machine.quick ? ", quick" : ""}</p><h1>${escapeHtml(title)}</h1>${factsOf(result)}</header>
${curves.length > 0 ? `<section><h2>What a step costs</h2>${key}</section>` : ""}
${curves.map(curveSection).join("\n")}
${tablesOf(result).map(tableSection).join("\n")}
</main>
</body>
</html>
`;
}
