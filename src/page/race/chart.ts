// The race as a chart: a median and a band for each entry; colour says the optimizer, the dash its learning rate.
import type { Facts, Point } from "../../cli/job.ts";
import { familyName } from "../../report/summary.ts";
import { list, short } from "../../report/words.ts";
import { seriesColour, seriesDash } from "../palette.ts";
import type { PlotBand, PlotData, PlotMark, PlotProps, PlotSeries } from "../plot.tsx";
import { curveOf, lossesAt, QUARTILES_FROM } from "./standings.ts";

/** The look of each entry: by family and by its place among the family's rates. */
export function looksOf(entries: Facts["entries"]): { colour: string; dash: readonly number[] }[] {
  const families = entries.map((entry) => familyName({ ...entry, runs: [] }));
  const names = [...new Set(families)];
  return families.map((family, i) => ({
    colour: seriesColour(names.indexOf(family)),
    dash: seriesDash(families.slice(0, i).filter((other) => other === family).length),
  }));
}

/** The entries by their newest median loss, best first. */
export function order({ entries, seeds }: Pick<Facts, "entries" | "seeds">, point: Point): number[] {
  const middle = entries.map((_, i) => {
    const sorted = lossesAt(point, i, seeds.length).sort((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) / 2)] as number;
  });
  return entries.map((_, i) => i).sort((a, b) => (middle[a] as number) - (middle[b] as number) || a - b);
}

function sentenceOf(facts: Facts, points: readonly Point[]): string {
  const last = points.at(-1);
  if (!last) return "No steps yet.";
  const best = order(facts, last)
    .slice(0, 4)
    .map((i) => {
      const middle = curveOf([last], i, facts.seeds.length).middle[0];
      return `${facts.entries[i]?.name} ${middle === null ? "diverged" : short(middle)}`;
    });
  return `Median training loss after ${last.step} steps, best first: ${list(best)}.`;
}

/** The first point at which more than half of an entry's runs had diverged. */
function marksOf(facts: Facts, points: readonly Point[]): PlotMark[] {
  return facts.entries.flatMap(({ name }, i) => {
    const { middle } = curveOf(points, i, facts.seeds.length);
    const at = middle.indexOf(null);
    return at >= 0 ? [{ x: (points[at] as Point).step, label: `${name} diverged` }] : [];
  });
}

/** Losses far above where all began tell nothing but that an entry failed. */
const TALLEST = 4;

export function chartOf(
  facts: Facts,
  points: readonly Point[],
  { log, steps }: { log: boolean; steps: number },
): Omit<PlotProps, "class"> {
  const looks = looksOf(facts.entries);
  const count = facts.seeds.length;
  const series: PlotSeries[] = [];
  const data: (number | null)[][] = [points.map(({ step }) => step)];
  const bands: PlotBand[] = [];
  facts.entries.forEach(({ name }, i) => {
    const look = looks[i] as (typeof looks)[number];
    const { middle, low, high } = curveOf(points, i, count);
    series.push({ label: name, ...look });
    data.push([...middle]);
    if (count === 1) return;
    const edge = { ...look, dash: [], width: 0, alpha: 0, behind: true };
    series.push({ ...edge, label: `${name}, upper` }, { ...edge, label: `${name}, lower` });
    data.push([...high], [...low]);
    bands.push({ between: [series.length - 2, series.length - 1], colour: look.colour, alpha: 0.16 });
  });
  const begin = Math.max(0, ...facts.entries.map((_, i) => curveOf(points.slice(0, 1), i, count).middle[0] ?? 0));
  const shown: PlotData = data.map((values, k) =>
    k === 0 ? values : values.map((value) => (value !== null && value > TALLEST * begin ? null : value)),
  );
  const band =
    count === 1 ? "" : count < QUARTILES_FROM ? `, range of ${count} seeds` : `, middle half of ${count} seeds`;
  return {
    title: `Training loss${count > 1 ? ": median" : ""}${band}`,
    sentence: sentenceOf(facts, points),
    x: { label: "step", low: 0, high: steps },
    y: { label: facts.lossName, scale: log ? "log" : "linear", ...(log ? {} : { low: 0 }) },
    series,
    data: shown,
    bands,
    marks: marksOf(facts, points),
  };
}
