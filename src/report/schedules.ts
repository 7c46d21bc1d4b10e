// Hyperparameters that change over the steps: a chart for each of them by name, a line an entry, in the entry's colour.
import { colourOf, thinned } from "./curves.ts";
import { escapeHtml, numbers, plainTable } from "./markup.ts";
import { down, PALETTE, plot, swatch, unit } from "./plot.ts";
import type { ScheduledValues } from "./result.ts";
import { linearScale, logScale, type Scale } from "./scale.ts";
import type { Standing, Summary } from "./summary.ts";
import { list, plural, tidy, whole } from "./words.ts";

/** Peaks further apart than this are drawn on a log axis. */
const APART = 8;
/** Decades below the lowest peak that a log axis goes. */
const DECADES = 3;

interface Line {
  readonly standing: Standing;
  readonly style: string;
  readonly values: readonly number[];
}

const peak = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);

function path({ values, style }: Line, x: readonly number[], y: Scale): string {
  const points = values.map((value, i) => `${unit(x[i] as number)} ${down(Math.min(1, y.place(value)))}`);
  return `<path class="line ${style}" d="M${points.join("L")}"/>`;
}

function scaleOf(lines: readonly Line[]): { scale: Scale; log: boolean } {
  const peaks = lines.map(({ values }) => peak(values)).filter((value) => value > 0);
  const [least, most] = [Math.min(...peaks), Math.max(...peaks)];
  const lowest = lines.reduce((low, { values }) => values.reduce((a, b) => Math.min(a, b), low), 0);
  if (peaks.length === 0) return { scale: linearScale(0, 1), log: false };
  if (lowest < 0 || most <= APART * least) return { scale: linearScale(lowest, 1.04 * most, tidy), log: false };
  return { scale: logScale(least / 10 ** DECADES, 1.2 * most, tidy), log: true };
}

function legend(lines: readonly Line[]): string {
  const coloured = lines.filter(({ style }) => style !== "other");
  const items = coloured.map(({ standing, style, values }) => {
    return `<li>${swatch(style)}<span class="name">${escapeHtml(standing.entry.name)}</span><span class="value">${tidy(peak(values))}</span></li>`;
  });
  const others = lines.length - coloured.length;
  if (others > 0) {
    items.push(
      `<li>${swatch("other")}<span class="name">${plural(others, "other entry", "other entries")}</span></li>`,
    );
  }
  return `<div class="legend"><p>Largest value</p><ul>${items.join("")}</ul></div>`;
}

function chart(name: string, lines: readonly Line[], at: readonly number[], id: string): string {
  const { scale, log } = scaleOf(lines);
  const x = linearScale(0, Math.max(1, at.at(-1) as number), whole);
  const places = at.map(x.place);
  const shown = lines.filter(({ style }) => style !== "other");
  const said = shown.map(({ standing, values }) => {
    const [first, last] = [values[0], values.at(-1)] as [number, number];
    const top = peak(values) > Math.max(first, last) ? ` over ${tidy(peak(values))}` : "";
    return `${standing.entry.name} from ${tidy(first)}${top} to ${tidy(last)}`;
  });
  const svg = [...lines].reverse().map((line) => path(line, places, scale));
  const drawn = plot({
    id,
    label: `${name} against step. ${list(said, PALETTE)}.`,
    height: 200,
    x: x.ticks,
    xTitle: "step",
    yTitle: log ? `${name} (log)` : name,
    layers: [{ name: "all", y: scale.ticks, svg: svg.join(""), marks: "" }],
  });
  const every = Math.max(1, Math.ceil(at.length / 25));
  const picked = at.map((_, i) => i).filter((i) => (at.length - 1 - i) % every === 0);
  const rows = picked.map((i) => [whole(at[i] as number), ...shown.map(({ values }) => tidy(values[i] as number))]);
  const table = plainTable(name, ["step", ...shown.map(({ standing }) => standing.entry.name)], rows);
  return `<h3>${escapeHtml(name)}</h3><div class="split">${drawn}${legend(lines)}</div>${numbers(`${id}-data`, table)}`;
}

/** The section; undefined where no hyperparameter changes. */
export function schedulesSection(summary: Summary): string | undefined {
  const { standings, result } = summary;
  const style = colourOf(summary);
  const all = standings.flatMap((standing) => (standing.entry.schedules ?? []).map((of) => ({ standing, of })));
  if (all.length === 0) return undefined;
  const drawn = all.filter(
    (one): one is { standing: Standing; of: Required<ScheduledValues> } => one.of.values !== undefined,
  );
  const names = [...new Set(drawn.map(({ of }) => of.name))];
  const charts = names.map((name, i) => {
    const own = drawn.filter(({ of }) => of.name === name);
    const lines = own.map(({ standing, of }) => ({ standing, style: style(standing), values: of.values }));
    return chart(name, lines, scheduledSteps(own[0]?.of.steps ?? result.steps), `schedule-${i}`);
  });
  const follow = [...new Set(all.filter(({ of }) => of.values === undefined).map(({ of }) => of.name))];
  const caption = [
    "Hyperparameters that change over the steps, as each entry had them.",
    standings.some((standing) => style(standing) === "other") ? "Colours as above." : "",
    follow.length > 0 ? `Not drawn: ${list(follow)} of entries where it follows the losses.` : "",
  ];
  return `<section><h2>Schedules</h2><p class="caption">${escapeHtml(caption.filter(Boolean).join(" "))}</p>${charts.join("\n")}</section>`;
}

/** The steps at which a schedule of so many steps is told: 0 to the last, at most as many as a curve is drawn with. */
export const scheduledSteps = (steps: number): number[] => thinned(steps);
