// One self-contained HTML report of a race: no request to anywhere, readable from a file, with or without its script.
import { curvesSection } from "./curves.ts";
import { dotsSection } from "./dots.ts";
import { escapeHtml, prose } from "./markup.ts";
import { limits } from "./limits.ts";
import type { RaceResult } from "./result.ts";
import { schedulesSection } from "./schedules.ts";
import { script } from "./script.ts";
import { sensitivitySection } from "./sensitivity.ts";
import { style } from "./style.ts";
import { type Standing, type Summary, summarise } from "./summary.ts";
import {
  acrossFamilies,
  bandName,
  headline,
  plural,
  range,
  rate,
  scored,
  short,
  testSentence,
  tidy,
  verdictNote,
  whole,
} from "./words.ts";

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

interface Column {
  readonly head: string;
  readonly text: (standing: Standing) => string;
  /** The number to sort by; a column without one sorts by its text. The worst sorts last. */
  readonly key?: (standing: Standing) => number;
}

/** Larger than any score, and a number that an attribute can hold. */
const LAST = 1e300;

function columns(summary: Summary): Column[] {
  const accuracy = summary.metric === "accuracy";
  const sort = (value: number | undefined): number => (value === undefined ? (accuracy ? -LAST : LAST) : value);
  const all: (Column | false)[] = [
    summary.standings.length > 1 && { head: "rank", text: ({ rank }) => String(rank), key: ({ rank }) => rank },
    { head: "entry", text: ({ entry }) => entry.name },
    { head: "lr", text: ({ entry }) => rate(entry.lr), key: ({ entry }) => entry.lr },
    { head: accuracy ? "accuracy" : "loss", text: (s) => scored(summary, s.score), key: (s) => sort(s.score) },
    summary.runs > summary.standings.length && {
      head: "low to high",
      text: (s) => range(summary, s),
      key: (s) => sort(s.low),
    },
    summary.standings.length > 1 && { head: "verdict", text: ({ verdict }) => verdict },
    accuracy && { head: "loss", text: ({ loss }) => short(loss), key: ({ loss }) => loss ?? LAST },
    {
      head: "diverged",
      text: (s) => (s.diverged ? `${s.diverged} of ${s.entry.runs.length}` : "none"),
      key: (s) => s.diverged,
    },
    summary.standings.length > 1 &&
      summary.runs > summary.standings.length && {
        head: "best wins",
        text: ({ beaten }) => (beaten === undefined ? "" : `${Math.round(100 * beaten)} %`),
        key: ({ beaten }) => beaten ?? -1,
      },
    { head: "optimizer", text: ({ entry }) => entry.optimizer },
  ];
  return all.filter((column) => column !== false);
}

function table(summary: Summary): string {
  const shown = columns(summary);
  const head = shown.map(({ head: text, key }) => `<th scope="col"${key ? ' class="n"' : ""}>${text}</th>`).join("");
  const rows = summary.standings.map((standing) => {
    const cells = shown.map(({ head: column, text, key }) => {
      const words = escapeHtml(text(standing));
      const sort = key ? ` class="n" data-sort="${key(standing)}"` : ` data-sort="${words}"`;
      return column === "entry" ? `<th scope="row"${sort}>${words}</th>` : `<td${sort}>${words}</td>`;
    });
    return `<tr${standing.rank === 1 ? ' class="first"' : ""}>${cells.join("")}</tr>`;
  });
  const pairs =
    summary.standings.length > 1
      ? " Best wins: of all pairs of seeds, one of each entry, the share in which the best entry does better."
      : "";
  const on = `the ${plural(summary.result.data.validation, "validation example")}`;
  const several = summary.runs > summary.standings.length;
  const caption = several
    ? `Medians on ${on}. Low to high: ${bandName(summary)}. ${verdictNote(summary)}${pairs}`
    : `Scores on ${on}.`;
  return `<section><h2>${summary.standings.length > 1 ? "All entries" : "Result"}</h2><p class="caption" id="entries">${escapeHtml(caption)}</p><div class="scroll" role="region" aria-labelledby="entries" tabindex="0"><table class="sortable"><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div></section>`;
}

const terms = (name: string, pairs: readonly (readonly [string, string])[]): string =>
  `<dl class="${name}">${pairs.map(([term, text]) => `<div><dt>${escapeHtml(term)}</dt><dd>${escapeHtml(text)}</dd></div>`).join("")}</dl>`;

function facts({ result, runs, standings }: Summary): string {
  return terms("facts", [
    ["model", `${result.model} (${whole(result.parameters)} parameters)`],
    ["data", result.data.name],
    ["training", `${plural(result.steps, "step")} at batch ${whole(result.batch)}`],
    ["runs", standings.length > 1 ? `${standings.length} entries, ${whole(runs)} runs` : plural(runs, "run")],
    ["adapter", result.made.software ? `${result.made.adapter}: software, no GPU` : result.made.adapter],
  ]);
}

function made({ result, runs }: Summary): string {
  const { made: by, data, seconds } = result;
  const rows: (readonly [string, string])[] = [
    ["Fall Line", `${by.version}, commit ${by.commit}, ${by.date}`],
    ["browser", by.browser],
    ["adapter", `${by.adapter}${by.software ? " (a software adapter: no GPU took part)" : ""}`],
    ["numeric class", by.numericClass],
    ["seeds", result.seeds.join(", ")],
    [
      "data",
      `${data.name}, hash ${data.hash}: ${whole(data.train)} train, ${whole(data.validation)} validation, ${whole(data.test)} test`,
    ],
    ["recipe hash", result.recipeHash],
    ...(result.lossHash === undefined ? [] : ([["loss hash", result.lossHash]] as const)),
    ["time", `${tidy(seconds.total)} s in all, ${tidy(seconds.training)} s of training`],
    [
      "speed",
      `${tidy(seconds.stepsPerSecond)} steps/s, ${plural(runs, "run")} at once: ${whole(seconds.runSteps)} run steps, ${whole(seconds.runSteps / seconds.training)} per second`,
    ],
  ];
  const list = rows.map(([term, text]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(text)}</dd>`).join("");
  const recipe = escapeHtml(JSON.stringify(result.recipe, null, 2) ?? "null");
  return `<section><h2>How this was made</h2><dl class="made">${list}</dl><details><summary>Recipe (JSON)</summary><pre tabindex="0" aria-label="Recipe">${recipe}</pre></details></section>`;
}

function opening(summary: Summary): string {
  const { result } = summary;
  const further = [acrossFamilies(summary), testSentence(summary)].filter((sentence) => sentence !== undefined);
  return `<header><p class="over">Fall Line ${result.kind === "race" ? "race" : "training"}, ${escapeHtml(result.made.date.replace(/T.*$/, ""))}</p><h1>${escapeHtml(result.name)}</h1>
<p class="lead">${prose(headline(summary))}</p>${further.map((sentence) => `<p>${prose(sentence)}</p>`).join("")}${facts(summary)}</header>`;
}

function caveats(summary: Summary): string {
  const items = limits(summary).map((sentence) => `<li>${prose(sentence)}</li>`);
  if (items.length === 0) return "";
  return `<section><h2>What this does not show</h2><ul class="limits">${items.join("")}</ul></section>`;
}

/** The report as one HTML page. Throws for a result that cannot be reported (`checkResult`). */
export function htmlReport(result: RaceResult): string {
  const summary = summarise(result);
  const curves = curvesSection(summary);
  const sections = [
    curves?.html,
    dotsSection(summary),
    sensitivitySection(summary),
    schedulesSection(summary),
    table(summary),
    caveats(summary),
    made(summary),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<link rel="icon" href="data:,">
<title>${escapeHtml(result.name)} - Fall Line</title>
<style>${style}</style>
</head>
<body>
<main>
${opening(summary)}
${sections.filter((section) => section !== undefined).join("\n")}
</main>
${curves ? `<script type="application/json" id="curves-values">${curves.data}</script>` : ""}
<script type="module">${script}</script>
</body>
</html>
`;
}
