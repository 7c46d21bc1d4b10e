// How the score depends on the learning rate: a line per optimizer, its best lr ringed, marked where that is an end of the lrs tried.
import { escapeHtml, numbers, plainTable } from "./markup.ts";
import { dot, down, mark, PALETTE, plot, styleOf, swatch, unit } from "./plot.ts";
import { logScale, type ScoreScale } from "./scale.ts";
import { scoreScale } from "./dots.ts";
import type { Family, Standing, Summary } from "./summary.ts";
import { list, rate, scored } from "./words.ts";

const edgeWords = { least: "smallest lr tried", greatest: "largest lr tried", "only two": "two lrs tried" } as const;

function members(summary: Summary, family: Family, x: (lr: number) => number, scale: ScoreScale, style: string) {
  let pen = false;
  let path = "";
  const marks: string[] = [];
  const dots: string[] = [];
  const best = family.members.filter((s) => !family.members.some((o) => o.entry.lr === s.entry.lr && o.rank < s.rank));
  for (const { entry, score } of best) {
    const left = x(entry.lr);
    if (score === undefined) {
      marks.push(mark(left, 0, "&times;", style));
    } else {
      path += `${pen ? "L" : "M"}${unit(left)} ${down(scale.place(score))}`;
      dots.push(dot(left, scale.place(score), style, `${entry.name}: ${scored(summary, score)}`));
    }
    pen = score !== undefined;
  }
  const { best: top } = family;
  if (top.score !== undefined) {
    const side = family.edge === "least" ? "&#9668;" : family.edge === "greatest" ? "&#9658;" : "";
    marks.push(mark(x(top.entry.lr), scale.place(top.score), "", `ring ${style}`));
    if (side !== "") marks.push(mark(x(top.entry.lr), scale.place(top.score), side, `beyond ${family.edge} ${style}`));
  }
  return { svg: `<path class="line ${style}" d="${path}"/>${dots.join("")}`, marks: marks.join("") };
}

function legend(summary: Summary, shown: readonly Family[]): string {
  const items = shown.map((family, i) => {
    const { best, edge, name } = family;
    const where = edge === undefined ? "" : ` <small>${edgeWords[edge]}</small>`;
    const at = best.score === undefined ? "diverged" : `lr ${rate(best.entry.lr)}`;
    return `<li>${swatch(styleOf(i))}<span class="name">${escapeHtml(name)}${where}</span><span class="value">${at}</span></li>`;
  });
  const unit = summary.metric === "accuracy" ? "highest median" : "lowest median";
  return `<div class="legend"><p>Best lr (${unit})</p><ul>${items.join("")}</ul></div>`;
}

const valid = ({ entry }: Standing): boolean => entry.lr > 0 && Number.isFinite(entry.lr);

/** The section; undefined unless some optimizer was tried at two learning rates or more. */
export function sensitivitySection(summary: Summary): string | undefined {
  const swept = summary.families.filter(({ members: all }) => all.every(valid));
  if (
    !swept.some(({ edge, members: all }) => edge !== undefined || new Set(all.map(({ entry }) => entry.lr)).size > 1)
  ) {
    return undefined;
  }
  const all = swept.flatMap((family) => family.members);
  const values = all.flatMap(({ score }) => (score === undefined ? [] : [score]));
  if (values.length === 0) return undefined;
  const lrs = all.map(({ entry }) => entry.lr);
  const [least, greatest] = [Math.min(...lrs), Math.max(...lrs)];
  const pad = (greatest / least) ** 0.05;
  const scaleX = logScale(least / pad, greatest * pad, rate, 6);
  const scale = scoreScale(summary, values);
  const drawn = swept.map((family, i) => members(summary, family, scaleX.place, scale, styleOf(i))).reverse();
  const gone = all.some(({ score }) => score === undefined);
  const edges = swept.some(({ edge }) => edge === "least" || edge === "greatest");
  const caption = [
    "Median over the seeds at each learning rate tried; the best of each optimizer is ringed.",
    edges ? "An arrowhead points beyond the lrs tried, where a still better one may lie." : "",
    gone ? "A cross at the foot: the median run diverged." : "",
    swept.length > PALETTE ? "The best 8 optimizers in colour." : "",
  ];
  const word = summary.metric === "accuracy" ? "validation accuracy" : "validation loss";
  const bests = swept.map(({ name, best }) => `${name} at ${rate(best.entry.lr)} (${scored(summary, best.score)})`);
  const chart = plot({
    id: "lrs",
    label: `Median ${word} against learning rate. Best: ${list(bests, PALETTE)}.`,
    height: 300,
    x: scaleX.ticks,
    xTitle: "learning rate (log)",
    yTitle: scale.title,
    layers: [
      {
        name: "all",
        y: scale.ticks,
        svg: drawn.map(({ svg }) => svg).join(""),
        marks: drawn.map(({ marks }) => marks).join(""),
      },
    ],
  });
  const rows = swept.flatMap(({ name, members: of }) =>
    of.map((s) => [name, rate(s.entry.lr), scored(summary, s.score)]),
  );
  const table = plainTable(`Median ${word}`, ["optimizer", "lr", "median"], rows);
  return `<section><h2>Learning rates</h2><p class="caption">${escapeHtml(caption.filter(Boolean).join(" "))}</p><div class="split">${chart}${legend(summary, swept)}</div>${numbers("lrs-data", table)}</section>`;
}
