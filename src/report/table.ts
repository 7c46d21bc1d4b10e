// The end of a race in the terminal: an aligned table and the verdict. ASCII only, at most 100 columns.
import { limits } from "./limits.ts";
import type { RaceResult } from "./result.ts";
import { type Standing, type Summary, summarise } from "./summary.ts";
import { acrossFamilies, bandName, headline, rate, scored, short, testSentence, verdictNote } from "./words.ts";

const WIDTH = 100;

/** Any other character becomes "?", so that columns stay columns in every terminal. */
const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/gu, "?");

const cut = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 1)}~`);

/** Words in lines of at most 100 columns; a word longer than a line is cut. */
function wrap(text: string, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of ascii(text).split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && indent.length + longer.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  lines.push(line);
  return lines.map((each) => `${indent}${cut(each, WIDTH - indent.length)}`).join("\n");
}

interface Column {
  readonly head: string;
  readonly right: boolean;
  readonly cell: (standing: Standing) => string;
}

function columns(summary: Summary): Column[] {
  const accuracy = summary.metric === "accuracy";
  const several = summary.runs > summary.standings.length;
  const bare = (value: number | undefined): string =>
    value === undefined ? "div" : scored(summary, value).replace(" %", "");
  const name = accuracy ? "val acc %" : "val loss";
  const all: Column[] = [
    { head: "rank", right: true, cell: ({ rank }) => String(rank) },
    { head: "entry", right: false, cell: ({ entry }) => ascii(entry.name) },
    { head: "lr", right: true, cell: ({ entry }) => rate(entry.lr) },
    { head: name, right: true, cell: ({ score }) => (score === undefined ? "diverged" : bare(score)) },
    {
      head: "[low..high]",
      right: false,
      cell: ({ low, high }) => ((low ?? high) === undefined ? "-" : `[${bare(low)}..${bare(high)}]`),
    },
    { head: "val loss", right: true, cell: ({ loss }) => short(loss) },
    {
      head: "diverged",
      right: true,
      cell: ({ diverged, entry }) => (diverged ? `${diverged}/${entry.runs.length}` : "-"),
    },
    { head: "verdict", right: false, cell: ({ verdict }) => verdict },
  ];
  return all.filter((_, i) => (i === 4 ? several : i === 5 ? accuracy : true));
}

function grid(summary: Summary): string {
  const shown = columns(summary);
  const cells = [shown.map(({ head }) => head), ...summary.standings.map((s) => shown.map(({ cell }) => cell(s)))];
  const widths = shown.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const spare = WIDTH - widths.reduce((sum, width, i) => (i === 1 ? sum : sum + width), 0) - 2 * (widths.length - 1);
  widths[1] = Math.max(8, Math.min(widths[1]!, spare));
  const line = (row: readonly string[]): string =>
    row
      .map((text, i) => (shown[i]!.right ? text.padStart(widths[i]!) : cut(text, widths[i]!).padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  return [line(cells[0]!), line(widths.map((width) => "-".repeat(width))), ...cells.slice(1).map(line)].join("\n");
}

/** Rank, entry, lr, median score with its range or interval, loss, diverged runs and verdict; then the sentences. */
export function textTable(result: RaceResult): string {
  const summary = summarise(result);
  const { name, data, model, batch, steps } = result;
  const sentences = [headline(summary), acrossFamilies(summary), testSentence(summary)].filter((s) => s !== undefined);
  const parts = [
    wrap(`${name}: ${data.name}, ${model}, batch ${batch}, ${steps} steps`),
    grid(summary) +
      (summary.runs > summary.standings.length
        ? `\n${wrap(`Values are medians. [low..high]: ${bandName(summary)}. ${verdictNote(summary)}`)}`
        : ""),
    sentences.map((sentence) => wrap(sentence)).join("\n"),
  ];
  const notes = limits(summary);
  if (notes.length > 0) parts.push(notes.map((note) => `- ${wrap(note, "  ").trimStart()}`).join("\n"));
  return `${parts.join("\n\n")}\n`;
}
